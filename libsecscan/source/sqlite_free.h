/*
 * sqlite_free.h: what deleted rows left behind in a database.
 */
#ifndef SS_SQLITE_FREE_H
#define SS_SQLITE_FREE_H

#include "base/buf.h"
#include "source/container.h"

typedef struct ss_sqlite_free {
    ss_input input;
    uint32_t page_size, usable, n_pages;
    uint32_t page;    /* the next one, from 1; 0: nothing can be read */
    uint8_t *free;    /* a bit a page: it belongs to nothing */
    uint8_t *content; /* of one page */
} ss_sqlite_free;

/* 0, or -1 when out of memory. */
int ss_sqlite_free_init(ss_sqlite_free *f, const ss_input *input);
/* What is free in the next page, as it is stored, behind what is in `out`. Its
 * number, 0 when there are no more; -1 when out of memory. */
int64_t ss_sqlite_free_next(ss_sqlite_free *f, ss_buf *out);
void ss_sqlite_free_release(ss_sqlite_free *f);

#endif

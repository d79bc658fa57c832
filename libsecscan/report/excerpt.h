/*
 * excerpt.h: the part of a masked line that fits the screen, the secret in it.
 */
#ifndef SS_EXCERPT_H
#define SS_EXCERPT_H

#include "base/buf.h"
#include "report/screen.h"

typedef struct ss_excerpt {
    ss_buf text;     /* cleaned, without a line end */
    size_t from, to; /* bytes of the secret's form in `text` */
} ss_excerpt;

#define SS_EXCERPT_INIT                                                        \
    {                                                                          \
        SS_BUF_INIT(1u << 20), 0, 0                                            \
    }

/* Of `line`, where the secret's masked form is [from, to), in at most `width`
 * columns (0: any). Returns 0, or -1 when out of memory. */
int ss_excerpt_make(ss_excerpt *out, ss_bytes line, size_t from, size_t to,
                    size_t width, int is_ascii);
/* Its line, indented, the secret in red, without a line end. */
void ss_excerpt_put(const ss_excerpt *excerpt, ss_screen *screen,
                    size_t indent);
/* Where the secret stands in it. */
void ss_excerpt_columns(const ss_excerpt *excerpt, size_t *before,
                        size_t *secret);
void ss_excerpt_release(ss_excerpt *excerpt); /* wipes */

#endif

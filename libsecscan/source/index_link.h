/*
 * index_link.h: the split index: a small index that says how it differs from a
 * shared one beside it. Only index.c needs this.
 */
#ifndef SS_INDEX_LINK_H
#define SS_INDEX_LINK_H

#include "index.h"

/* The "link" extension: the shared index's id and two compressed bitmaps over
 * its entries. Borrowed from the index's bytes. */
typedef struct ss_index_link {
    const uint8_t *id; /* NULL: not split */
    size_t id_len;
    ss_bytes deleted, replaced;
} ss_index_link;

int ss_index_link_parse(ss_index_link *out, ss_bytes bytes, size_t id_len,
                        secscan_error *err);
int ss_index_link_has_base(const ss_index_link *link);
/* sharedindex.<id> in the directory of `path`; the caller frees it. */
char *ss_index_link_path(const ss_index_link *link, const char *path,
                         size_t id_len);
/* A whole index file. Not there: *data NULL, an error when it is `needed`. */
int ss_index_link_load(uint8_t **data, size_t *len, const char *path,
                       int needed, secscan_error *err);
/* Put the joined entries in `index`, which takes over the memory of `base`. */
int ss_index_link_join(ss_index *index, ss_index *base,
                       const ss_index_link *link, secscan_error *err);

#endif

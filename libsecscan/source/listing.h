/*
 * listing.h: what is in one directory, in the order in which full paths sort.
 */
#ifndef SS_LISTING_H
#define SS_LISTING_H

#include "base/buf.h"
#include "base/vec.h"
#include "os/dir.h"

typedef struct ss_listing_item {
    const char *name; /* NUL-terminated, in the listing's memory */
    size_t name_at;   /* until the listing is complete */
    uint32_t name_len;
    uint8_t kind;    /* ss_file_kind, of the target when is_link */
    uint8_t is_link; /* a symbolic link that was followed */
} ss_listing_item;

typedef struct ss_listing {
    ss_buf names;
    SS_VEC(ss_listing_item) items;
    size_t next;
    const char *fault; /* static: why it is not complete; NULL: it is */
} ss_listing;

/* Forget what was there and read the directory `path`; symbolic links in it
 * are looked behind if `follow`. `follow_itself` is about `path`. 0, or
 * SECSCAN_ERR_NOMEM; what cannot be read is a fault. A directory that is gone
 * is empty. `path` is used to build longer ones, and left as it was; its last
 * byte is a slash, or it is empty: the current directory. */
int ss_listing_read(ss_listing *listing, ss_buf *path, int follow,
                    int follow_itself, secscan_error *err);
int ss_listing_has(const ss_listing *listing, const char *name);
void ss_listing_release(ss_listing *listing);

#endif

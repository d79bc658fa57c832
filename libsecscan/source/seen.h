/*
 * seen.h: what a walk has reached, so that nothing is given twice: over several
 * paths, and behind symbolic links.
 */
#ifndef SS_SEEN_H
#define SS_SEEN_H

#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"

typedef struct ss_seen {
    ss_map map;
    ss_arena keys;
} ss_seen;

#define SS_SEEN_INIT                                                           \
    {                                                                          \
        SS_MAP_INIT, SS_ARENA_INIT                                             \
    }

/* Note a name; *is_new says whether it was not known. The bytes are copied. */
int ss_seen_add(ss_seen *seen, ss_bytes name, int *is_new, secscan_error *err);
/* By what the path leads to on the disk. What cannot be told is new. */
int ss_seen_add_inode(ss_seen *seen, const char *path, int *is_new,
                      secscan_error *err);
void ss_seen_release(ss_seen *seen);

#endif

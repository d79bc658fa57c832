/*
 * anchors.h: crude patterns out of a table of credential formats: the first
 * literal of each, its character class and its shortest length. No look-around,
 * no context, no filter: what the matcher alone pays for that many literals.
 */
#ifndef BENCH_ANCHORS_H
#define BENCH_ANCHORS_H

#include <stddef.h>

typedef struct anchor {
    char id[64];
    char pattern[256];
    char literal[64];
    size_t literal_len;
} anchor;

typedef struct anchors {
    anchor *at;
    size_t len;
} anchors;

/* Read a table (tab-separated: id, provider, kind, anchor, characters, length,
 * ...). Stops the program when it cannot. */
void anchors_read(anchors *out, const char *path);
void anchors_release(anchors *list);

#endif

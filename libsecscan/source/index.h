/*
 * index.h: git's index: bytes in, entries out.
 *
 * Versions 2 to 4, SHA-1 and SHA-256, split (link), sparse (sdir) and hash-less
 * indexes. Every length is checked; the checksum at the end is not.
 */
#ifndef SS_INDEX_H
#define SS_INDEX_H

#include "base/arena.h"
#include "base/error.h"

#define SS_INDEX_INTENT_TO_ADD 0x1u
#define SS_INDEX_SKIP_WORKTREE 0x2u
#define SS_INDEX_ASSUME_VALID 0x4u

/* Modes as git has them. A directory stands only in a sparse index; its path
 * ends with a slash and its id is that of a tree. */
#define SS_MODE_TYPE 0170000u
#define SS_MODE_TREE 0040000u
#define SS_MODE_BLOB 0100000u
#define SS_MODE_LINK 0120000u
#define SS_MODE_GITLINK 0160000u

typedef struct ss_index_entry {
    const char *path;  /* NUL-terminated, relative to the work tree */
    const uint8_t *id; /* id_len bytes */
    uint32_t path_len;
    uint32_t mode;
    uint32_t size;  /* of the file, modulo 2^32; 0 when not known */
    uint32_t mtime; /* seconds */
    uint8_t stage;  /* 0, or 1 to 3 in a conflict */
    uint8_t flags;  /* SS_INDEX_* */
} ss_index_entry;

/* A node of the cache-tree: a directory and the tree it was last written as. */
typedef struct ss_index_tree {
    ss_bytes name;     /* last component; empty for the root */
    const uint8_t *id; /* valid when n_entries >= 0 */
    int64_t n_entries; /* index entries below; negative: not known */
    size_t n_subtrees; /* direct ones */
    size_t next;       /* node behind this one and all below it */
} ss_index_tree;

typedef struct ss_index {
    ss_index_entry *entries; /* by path, then stage */
    size_t n_entries;
    ss_index_tree *trees; /* depth first, the root first; may be none */
    size_t n_trees;
    size_t id_len;
    uint32_t version;
    int is_sparse, is_split;
    /* Memory behind the above. */
    uint8_t *file, *shared;
    size_t file_len, shared_len;
    ss_arena arena, shared_arena;
} ss_index;

#define SS_INDEX_INIT                                                          \
    {                                                                          \
        .id_len = 0                                                            \
    }

/* Read `path` and the shared index it names, if any. id_len is 20 or 32. A file
 * that is not there is an empty index. The caller releases *out, which has to
 * start as SS_INDEX_INIT, in any case. */
int ss_index_read(ss_index *out, const char *path, size_t id_len,
                  secscan_error *err);
/* The same from memory, which has to outlive *out. A split index is an error
 * here, unless it names no shared file. */
int ss_index_parse(ss_index *out, ss_bytes bytes, size_t id_len,
                   secscan_error *err);
void ss_index_release(ss_index *index);

/* Position of the first entry whose path is `path` or sorts behind it. */
size_t ss_index_find(const ss_index *index, ss_bytes path);

#endif

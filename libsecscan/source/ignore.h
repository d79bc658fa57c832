/*
 * ignore.h: what git would not add: patterns of ignore files, and the verdict
 * on a path. Reads no files; knows nothing of what is tracked.
 *
 * Lists are stacked from the widest (info/exclude) to the deepest directory's
 * .gitignore; the last matching pattern of the deepest list that has one
 * decides. Whether a directory above is ignored is the caller's to ask, on the
 * way down.
 */
#ifndef SS_IGNORE_H
#define SS_IGNORE_H

#include "base/error.h"
#include "base/vec.h"
#include "base/bytes.h"

/* A pattern of an ignore file. `text` points into the list's own copy. */
typedef struct ss_ignore_pattern {
    ss_bytes text;  /* without "!", leading and trailing slash */
    size_t literal; /* leading bytes that are not special */
    uint8_t is_negated;
    uint8_t is_dir_only;
    uint8_t is_name;   /* no slash: matched with the last component */
    uint8_t is_ending; /* "*literal" */
} ss_ignore_pattern;

typedef struct ss_ignore_list {
    char *text;
    size_t base_len; /* of the directory, with its slash; 0: the root */
    SS_VEC(ss_ignore_pattern) patterns;
} ss_ignore_list;

typedef struct ss_ignore {
    SS_VEC(ss_ignore_list) lists;
} ss_ignore;

#define SS_IGNORE_INIT                                                         \
    {                                                                          \
        {                                                                      \
            NULL, 0, 0                                                         \
        }                                                                      \
    }

/* Add the patterns of a file in the directory whose path in the work tree is
 * `base_len` bytes long, with its slash. The text is copied. */
int ss_ignore_push(ss_ignore *ignore, ss_bytes text, size_t base_len,
                   secscan_error *err);
void ss_ignore_pop(ss_ignore *ignore);
/* Nonzero if ignored. `path` is relative to the work tree and lies in the
 * directories of all lists on the stack; it has no slash at its end. */
int ss_ignore_match(const ss_ignore *ignore, ss_bytes path, int is_dir);
void ss_ignore_release(ss_ignore *ignore);

#endif

/*
 * git_parse.h: the bytes of commits, tags and trees, taken apart. Bytes in,
 * borrowed parts out; knows nothing of repositories.
 */
#ifndef SS_GIT_PARSE_H
#define SS_GIT_PARSE_H

#include "source/origin.h"

#include "base/error.h"

typedef struct ss_git_ident {
    ss_bytes whole; /* "Name <mail>", without the time */
    ss_bytes name, email;
    int64_t time;   /* seconds since 1970 */
    int32_t offset; /* minutes east of UTC */
} ss_git_ident;

/* Of a commit and of an annotated tag. What is absent is empty or zero. */
typedef struct ss_git_commit {
    ss_oid tree;
    ss_bytes parents; /* the "parent" lines: ss_git_parent_next */
    ss_git_ident author, committer;
    ss_bytes message;
} ss_git_commit;

typedef struct ss_git_tag {
    ss_oid target;
    ss_git_ident tagger;
    ss_bytes message;
} ss_git_tag;

typedef struct ss_git_entry {
    ss_bytes name;
    const uint8_t *id;
    uint32_t mode;
} ss_git_entry;

/* 0, or SECSCAN_ERR_CORRUPT with no message: whoever knows the id says it. */
int ss_git_commit_parse(ss_git_commit *out, ss_bytes bytes, size_t id_len);
int ss_git_tag_parse(ss_git_tag *out, ss_bytes bytes, size_t id_len);
/* Cut the next parent off; 1 while there is one. */
int ss_git_parent_next(ss_oid *out, ss_bytes *parents, size_t id_len);
/* Cut the next entry off a tree; 1 while there is one, negative if damaged. */
int ss_git_entry_next(ss_git_entry *out, ss_bytes *tree, size_t id_len);

/* "Name <mail> 1700000000 +0100"; never fails, takes what is there. */
void ss_git_ident_parse(ss_git_ident *out, ss_bytes line);
/* First line of a message, without what stands around it. */
ss_bytes ss_git_subject(ss_bytes message);

/* 2 * id_len hex digits; 0, or nonzero when they are none. */
int ss_oid_read(ss_oid *out, ss_bytes hex, size_t id_len);
ss_oid ss_oid_of(const uint8_t *id, size_t id_len);
void ss_oid_write(char out[SS_OID_TEXT], const ss_oid *id, size_t id_len);
static inline int ss_oid_equal(const ss_oid *a, const ss_oid *b)
{
    return memcmp(a->id, b->id, sizeof(a->id)) == 0;
}
int ss_oid_is_zero(const ss_oid *id);

#endif

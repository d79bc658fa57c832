/*
 * member.h: paths of members of containers: how they are shown, and how rules
 * judge them. Names in them are only names: nothing opens them.
 */
#ifndef SS_MEMBER_H
#define SS_MEMBER_H

#include "base/arena.h"
#include "scan/filter.h"

/* A component of ss_match.member that begins with this is a stream, followed by
 * the name of its kind: its member has no name of its own. */
#define SS_MEMBER_STREAM '\1'

/* "outer.zip!inner/file", in the arena; of a stream, "x.sql.gz!x.sql" or
 * "x!gzip". `member` NULL: `path` itself. NULL when out of memory. */
const char *ss_member_path(ss_arena *arena, const char *path,
                           const char *member);

/* How much of it names the file that is there; 0: it is no member's, or there
 * is no file. */
static inline uint32_t ss_member_file_len(const char *path, const char *member)
{
    return path && member ? (uint32_t)strlen(path) : 0;
}

/* The same as rules judge it: "outer.zip/inner/file"; without a path,
 * "/inner/file". */
const char *ss_member_judged(ss_arena *arena, const char *path,
                             const char *member);

/* The verdict of the origin on a match in a member (NULL: in none) of what has
 * this path (NULL: none). Rules and lists see "outer.zip/inner/file"; what a
 * list says of "outer.zip!inner/file" counts, too, and what finds without a
 * secret may ask for that. */
ss_verdict ss_member_verdict(ss_filter *filter, const ss_match *match,
                             const char *path, const char *member,
                             const char *commit);

#endif

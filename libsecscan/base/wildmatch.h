/*
 * wildmatch.h: git's glob patterns on paths.
 */
#ifndef SS_WILDMATCH_H
#define SS_WILDMATCH_H

#include "base/bytes.h"

/* Nonzero if all of `text` matches. `*`, `?` and `[...]` do not match a slash;
 * `**` between slashes or at an end matches any number of directories. A
 * malformed pattern matches nothing. Time is bounded by
 * pattern * text * slashes, whatever the pattern. */
int ss_wildmatch(ss_bytes pattern, ss_bytes text);

/* Bytes before the first one that is special in a pattern. */
size_t ss_wildmatch_literal(ss_bytes pattern);

#endif

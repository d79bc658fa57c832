/*
 * keyword.h: does every match of a pattern hold one of its rule's keywords?
 */
#ifndef SS_KEYWORD_H
#define SS_KEYWORD_H

#include "base/arena.h"
#include "base/error.h"

/* 1, 0, or a negative status. `keywords` are lower case; ASCII case of the
 * match does not matter. 0 may also be said of one that cannot be told. */
int ss_keyword_is_sure(const char *pattern, const char *const *keywords,
                       size_t n, ss_arena *arena, secscan_error *err);

#endif

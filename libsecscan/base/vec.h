/*
 * vec.h: a growable array with a maximum, for any element type.
 *
 *     SS_VEC(ss_candidate) hits = {0};
 *     if (SS_VEC_PUSH(&hits, candidate)) return ss_fail_nomem(err);
 */
#ifndef SS_VEC_H
#define SS_VEC_H

#include <stddef.h>

#define SS_VEC(type)                                                           \
    struct {                                                                   \
        type *at;                                                              \
        size_t len, cap;                                                       \
    }

/* Make room for `n` more; 0, or -1 when out of memory. */
int ss_vec_grow(void **at, size_t len, size_t *cap, size_t item_size, size_t n);

/* Nonzero when out of memory (the array is as before). */
#define SS_VEC_PUSH(v, ...)                                                    \
    (SS_VEC_RESERVE(v, 1) ? -1 : ((v)->at[(v)->len++] = (__VA_ARGS__), 0))

/* The same, for n items that the caller then puts behind the last. */
#define SS_VEC_RESERVE(v, n)                                                   \
    ((n) > (v)->cap - (v)->len ? ss_vec_grow((void **)&(v)->at, (v)->len,      \
                                             &(v)->cap, sizeof(*(v)->at), (n)) \
                               : 0)

#define SS_VEC_RELEASE(v)                                                      \
    (ss_free((v)->at), (v)->at = NULL, (v)->len = 0, (v)->cap = 0)

#endif

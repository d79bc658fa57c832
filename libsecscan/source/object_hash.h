/*
 * object_hash.h: is an object what its name says? Asked where something else
 * has shown damage already: hashing all objects costs more than scanning them.
 */
#ifndef SS_OBJECT_HASH_H
#define SS_OBJECT_HASH_H

#include "source/git.h"

/* 1: the hash of kind, length and bytes is the id. 0 also when it cannot be
 * told. */
int ss_object_hash_is(ss_git_kind kind, ss_bytes bytes, const ss_oid *id,
                      size_t id_len);

#endif

/*
 * odb.h: any object by its id: loose or packed, in a repository's own store or
 * an alternate one. Bytes are bounded and damage is an answer. Safe from
 * several threads.
 *
 * An object that was there when it was listed may have moved since (`git gc`):
 * what is not found is looked for again among the packs that there are by then.
 */
#ifndef SS_ODB_H
#define SS_ODB_H

#include "source/odb_cache.h"

typedef struct ss_odb ss_odb;

int ss_odb_open(ss_odb **out, const char *objects_dir, size_t id_len,
                secscan_error *err);
/* Look in another directory, too, and in its alternates. */
int ss_odb_add_dir(ss_odb *odb, const char *objects_dir, secscan_error *err);
void ss_odb_free(ss_odb *odb);

/* 0; SECSCAN_ERR_GIT when it is not there, SECSCAN_ERR_CORRUPT when it cannot
 * be read, SECSCAN_ERR_LIMIT over max_size (0: 1 GiB). No message. */
int ss_odb_read(ss_odb_data **out, ss_odb *odb, const ss_oid *id,
                uint64_t max_size);
/* The kind, and the size, which is 0 where only building it would tell. */
int ss_odb_look(ss_object_kind *kind, uint64_t *size, ss_odb *odb,
                const ss_oid *id);
/* Objects whose id begins with `n_digits` hex digits (at least 2): how many, as
 * far as two, and one of them. */
int ss_odb_match(ss_odb *odb, const ss_oid *prefix, size_t n_digits,
                 ss_oid *out, uint32_t *n);

#endif

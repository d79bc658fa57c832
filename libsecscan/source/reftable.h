/*
 * reftable.h: git's reftables (gitformat-reftable): a stack of tables, read as
 * the refs and log entries that it comes to.
 */
#ifndef SS_REFTABLE_H
#define SS_REFTABLE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "source/git_parse.h"

typedef struct ss_reftable_ref {
    const char *name;
    const char *link; /* NULL: an id */
    ss_oid id;
    int is_deleted;
} ss_reftable_ref;

typedef struct ss_reftable_log {
    const char *name; /* of the ref */
    uint64_t index;   /* of the update: later ones are higher */
    size_t order;     /* of reading: a later table counts */
    ss_oid before, after;
    ss_bytes who, email, message;
    uint64_t time;
    int32_t zone; /* minutes */
    int is_deleted;
} ss_reftable_log;

typedef struct ss_reftable {
    size_t id_len;
    SS_VEC(ss_reftable_ref) refs; /* deleted ones too */
    SS_VEC(ss_reftable_log) logs; /* by ref, the oldest first */
    ss_map by_name;
    ss_arena arena;
} ss_reftable;

/* The stack in `dir` (which ends with a slash), as its tables.list has it;
 * empty when there is none. SECSCAN_ERR_CORRUPT when a table is damaged. */
int ss_reftable_read(ss_reftable *out, const char *dir, size_t id_len,
                     secscan_error *err);
/* Put one table over those that are in. */
int ss_reftable_add(ss_reftable *reftable, ss_bytes table, secscan_error *err);
void ss_reftable_release(ss_reftable *reftable);

/* NULL when it is not there, or deleted. */
const ss_reftable_ref *ss_reftable_find(const ss_reftable *reftable,
                                        const char *name);
/* Append an entry as a line of a log file. */
void ss_reftable_print(ss_buf *out, const ss_reftable_log *log, size_t id_len);

#endif

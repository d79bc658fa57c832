/*
 * odb_cache.h: bytes of objects, shared by whoever reads them, and those of
 * them that deltas were built on lately.
 */
#ifndef SS_ODB_CACHE_H
#define SS_ODB_CACHE_H

#include "os/thread.h"
#include "source/pack.h"

#include <stdatomic.h>

/* Given back with ss_odb_data_release by everyone who has it. */
typedef struct ss_odb_data {
    ss_bytes bytes;
    ss_object_kind kind;
    uint8_t *memory; /* behind bytes */
    atomic_uint n_users;
} ss_odb_data;

/* Takes `memory`, which `bytes` lie in, also when it fails. */
int ss_odb_data_new(ss_odb_data **out, uint8_t *memory, ss_bytes bytes,
                    ss_object_kind kind);
void ss_odb_data_release(ss_odb_data *data); /* NULL is fine */

#define SS_ODB_SLOTS 4096u

typedef struct ss_odb_slot {
    const void *pack;
    uint64_t offset;
    ss_odb_data *data;
} ss_odb_slot;

typedef struct ss_odb_cache {
    ss_mutex lock;
    ss_odb_slot *slots;
    uint64_t held; /* bytes */
    size_t hand;   /* the next slot to be emptied */
} ss_odb_cache;

int ss_odb_cache_init(ss_odb_cache *cache);
void ss_odb_cache_release(ss_odb_cache *cache);
/* The object at an offset of a pack, for the caller to release; NULL. */
ss_odb_data *ss_odb_cache_get(ss_odb_cache *cache, const void *pack,
                              uint64_t offset);
void ss_odb_cache_put(ss_odb_cache *cache, const void *pack, uint64_t offset,
                      ss_odb_data *data);

#endif

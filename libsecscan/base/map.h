/*
 * map.h: byte strings to a pointer-sized value. Keys are borrowed: they have to
 * outlive the map. Iteration order is that of insertion.
 */
#ifndef SS_MAP_H
#define SS_MAP_H

#include "bytes.h"

typedef struct ss_map_entry {
    ss_bytes key;
    uint64_t hash;
    union {
        void *ptr;
        uint64_t num;
    } value;
} ss_map_entry;

typedef struct ss_map {
    ss_map_entry *entries; /* in order of insertion */
    size_t len, cap;
    uint32_t *slots; /* index + 1 into entries; 0 is free */
    size_t n_slots;
} ss_map;

#define SS_MAP_INIT                                                            \
    {                                                                          \
        NULL, 0, 0, NULL, 0                                                    \
    }

/* NULL when the key is not in. Valid until the next ss_map_put. */
ss_map_entry *ss_map_get(const ss_map *map, ss_bytes key);
/* The entry of `key`, made with value 0 if it was not in (*is_new, if not
 * NULL, says so). NULL when out of memory. */
ss_map_entry *ss_map_put(ss_map *map, ss_bytes key, int *is_new);
void ss_map_release(ss_map *map);

#endif

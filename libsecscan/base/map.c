/*
 * map.c: open addressing over an array of entries, at most half full.
 */
#include "map.h"

#include "alloc.h"
#include "vec.h"

static uint64_t mix(uint64_t h)
{
    h ^= h >> 32;
    h *= 0x9e3779b97f4a7c15u;
    return h ^ (h >> 29);
}

static size_t slot_of(const ss_map *map, uint64_t hash, ss_bytes key)
{
    size_t i = mix(hash) & (map->n_slots - 1);

    for (;; i = (i + 1) & (map->n_slots - 1)) {
        const ss_map_entry *entry;

        if (!map->slots[i])
            return i;
        entry = &map->entries[map->slots[i] - 1];
        if (entry->hash == hash && ss_bytes_equal(entry->key, key))
            return i;
    }
}

static int grow_slots(ss_map *map)
{
    size_t n = map->n_slots ? map->n_slots * 2 : 16;
    uint32_t *slots;

    if (n / 2 >= UINT32_MAX)
        return -1;
    slots = ss_calloc(n, sizeof(*slots));
    if (!slots)
        return -1;
    ss_free(map->slots);
    map->slots = slots;
    map->n_slots = n;
    for (size_t i = 0; i < map->len; i++) {
        const ss_map_entry *entry = &map->entries[i];

        slots[slot_of(map, entry->hash, entry->key)] = (uint32_t)i + 1;
    }
    return 0;
}

ss_map_entry *ss_map_get(const ss_map *map, ss_bytes key)
{
    uint32_t index;

    if (!map->n_slots)
        return NULL;
    index = map->slots[slot_of(map, ss_bytes_hash(key), key)];
    return index ? &map->entries[index - 1] : NULL;
}

ss_map_entry *ss_map_put(ss_map *map, ss_bytes key, int *is_new)
{
    uint64_t hash = ss_bytes_hash(key);
    ss_map_entry *entry;
    size_t slot;

    if (is_new)
        *is_new = 0;
    if (map->len >= map->n_slots / 2 && grow_slots(map))
        return NULL;
    slot = slot_of(map, hash, key);
    if (map->slots[slot])
        return &map->entries[map->slots[slot] - 1];
    if (ss_vec_grow((void **)&map->entries, map->len, &map->cap,
                    sizeof(*map->entries), 1))
        return NULL;
    entry = &map->entries[map->len++];
    entry->key = key;
    entry->hash = hash;
    entry->value.num = 0;
    map->slots[slot] = (uint32_t)map->len;
    if (is_new)
        *is_new = 1;
    return entry;
}

void ss_map_release(ss_map *map)
{
    ss_free(map->entries);
    ss_free(map->slots);
    *map = (ss_map)SS_MAP_INIT;
}

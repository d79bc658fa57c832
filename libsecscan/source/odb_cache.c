/*
 * odb_cache.c: a table without chains: what comes later takes the place. Over
 * the budget, slots are emptied in turn.
 */
#include "odb_cache.h"

#include "base/alloc.h"

#define BUDGET ((uint64_t)32 << 20)
#define MAX_KEPT (BUDGET / 8)

int ss_odb_data_new(ss_odb_data **out, uint8_t *memory, ss_bytes bytes,
                    ss_object_kind kind)
{
    ss_odb_data *data = ss_alloc(sizeof(*data));

    if (!data) {
        ss_free(memory);
        return SECSCAN_ERR_NOMEM;
    }
    data->bytes = bytes;
    data->kind = kind;
    data->memory = memory;
    atomic_init(&data->n_users, 1);
    *out = data;
    return 0;
}

void ss_odb_data_release(ss_odb_data *data)
{
    if (!data || atomic_fetch_sub(&data->n_users, 1) != 1)
        return;
    ss_free(data->memory);
    ss_free(data);
}

int ss_odb_cache_init(ss_odb_cache *cache)
{
    memset(cache, 0, sizeof(*cache));
    return ss_mutex_init(&cache->lock);
}

static void empty(ss_odb_cache *cache, ss_odb_slot *slot)
{
    if (!slot->data)
        return;
    cache->held -= slot->data->bytes.len;
    ss_odb_data_release(slot->data);
    slot->data = NULL;
}

void ss_odb_cache_release(ss_odb_cache *cache)
{
    for (size_t i = 0; cache->slots && i < SS_ODB_SLOTS; i++)
        empty(cache, &cache->slots[i]);
    ss_free(cache->slots);
    ss_mutex_release(&cache->lock);
}

static ss_odb_slot *slot_of(const ss_odb_cache *cache, const void *pack,
                            uint64_t offset)
{
    uint64_t hash = ((uint64_t)(uintptr_t)pack + offset) * 0x9e3779b97f4a7c15u;

    return &cache->slots[hash >> 52]; /* 12 bits */
}

ss_odb_data *ss_odb_cache_get(ss_odb_cache *cache, const void *pack,
                              uint64_t offset)
{
    ss_odb_data *data = NULL;

    ss_mutex_lock(&cache->lock);
    if (cache->slots) {
        const ss_odb_slot *slot = slot_of(cache, pack, offset);

        if (slot->data && slot->pack == pack && slot->offset == offset)
            data = slot->data;
        if (data)
            atomic_fetch_add(&data->n_users, 1);
    }
    ss_mutex_unlock(&cache->lock);
    return data;
}

static void put(ss_odb_cache *cache, const void *pack, uint64_t offset,
                ss_odb_data *data)
{
    ss_odb_slot *slot = slot_of(cache, pack, offset);

    empty(cache, slot);
    atomic_fetch_add(&data->n_users, 1);
    *slot = (ss_odb_slot){pack, offset, data};
    cache->held += data->bytes.len;
    while (cache->held > BUDGET) {
        cache->hand = (cache->hand + 1) % SS_ODB_SLOTS;
        if (&cache->slots[cache->hand] != slot)
            empty(cache, &cache->slots[cache->hand]);
    }
}

/* Without memory for a table there is none: it is only faster with it. */
void ss_odb_cache_put(ss_odb_cache *cache, const void *pack, uint64_t offset,
                      ss_odb_data *data)
{
    if (data->bytes.len > MAX_KEPT)
        return;
    ss_mutex_lock(&cache->lock);
    if (!cache->slots)
        cache->slots = ss_calloc(SS_ODB_SLOTS, sizeof(*cache->slots));
    if (cache->slots)
        put(cache, pack, offset, data);
    ss_mutex_unlock(&cache->lock);
}

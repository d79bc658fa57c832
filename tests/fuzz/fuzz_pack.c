/*
 * fuzz_pack.c: what stands in a repository's object store, as bytes: a pack's
 * index, and a delta with its base. The first byte chooses. Every offset and
 * length that is believed shows as a read or a write out of bounds.
 */
#include "fuzz.h"

#include "source/delta.h"
#include "source/pack_index.h"

#include <stdlib.h>

#define MAX_RESULT ((size_t)1 << 20)

static void fuzz_index(ss_bytes bytes, size_t id_len)
{
    static const uint8_t zero[SS_OID_MAX];
    ss_pack_index index;
    uint32_t crc;

    if (ss_pack_index_open(&index, bytes, id_len, NULL))
        return;
    for (uint32_t i = 0; i < index.n; i++) {
        (void)ss_pack_index_offset(&index, i);
        (void)ss_pack_index_crc(&index, i, &crc);
        (void)ss_pack_index_find(&index, ss_pack_index_id(&index, i));
    }
    (void)ss_pack_index_find(&index, zero);
}

/* The base is as long as the delta says, where that is possible. */
static void fuzz_delta(ss_bytes bytes)
{
    ss_delta delta;
    uint8_t *base, *out;

    if (ss_delta_open(&delta, bytes, NULL) || delta.base_len > MAX_RESULT ||
        delta.result_len > MAX_RESULT)
        return;
    base = calloc(1, delta.base_len + 1);
    out = malloc(delta.result_len + 1);
    if (base && out)
        (void)ss_delta_apply(delta, ss_bytes_of(base, delta.base_len), out,
                             NULL);
    free(base);
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    ss_bytes bytes;

    if (!len)
        return 0;
    bytes = ss_bytes_of(data + 1, len - 1);
    if (data[0] % 3 == 2)
        fuzz_delta(bytes);
    else
        fuzz_index(bytes, data[0] % 3 ? 32 : 20);
    return 0;
}

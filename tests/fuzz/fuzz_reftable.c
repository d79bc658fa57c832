/*
 * fuzz_reftable.c: one table, with ids of both lengths; its checksum is mended,
 * so that what is behind it is reached.
 */
#include "fuzz.h"

#include "base/alloc.h"
#include "source/inflate.h"
#include "source/reftable.h"

static void mend(uint8_t *bytes, size_t len)
{
    size_t header = len > 4 && bytes[4] == 2 ? 28 : 24;
    size_t tail = header + 44;
    uint32_t crc;

    if (len < tail)
        return;
    memmove(bytes + len - tail, bytes, header);
    crc = ss_inflate_crc32(ss_bytes_of(bytes + len - tail, tail - 4));
    for (size_t i = 0; i < 4; i++)
        bytes[len - 1 - i] = (uint8_t)(crc >> (8 * i));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    uint8_t *copy = ss_alloc(len);

    if (!copy)
        return 0;
    memcpy(copy, data, len);
    mend(copy, len);
    for (size_t id_len = 20; id_len <= 32; id_len += 12) {
        ss_reftable table = {.id_len = id_len};
        ss_buf text = SS_BUF_INIT((size_t)1 << 24);

        ss_reftable_add(&table, ss_bytes_of(copy, len), NULL);
        for (size_t i = 0; i < table.logs.len; i++)
            ss_reftable_print(&text, &table.logs.at[i], id_len);
        ss_reftable_find(&table, "HEAD");
        ss_buf_release(&text);
        ss_reftable_release(&table);
    }
    ss_free(copy);
    return 0;
}

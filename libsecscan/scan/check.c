/*
 * check.c: the table of offline checks.
 *
 * One row a check, one file a family (check_crc.c, check_azure.c ...). What a
 * name proves is in shared facts about formats, and beside its function.
 */
#include "scan/check.h"

#include "base/error.h"

typedef struct check_row {
    const char *name;
    ss_check_fn check;
} check_row;

static const check_row rows[] = {
    {NULL, NULL},
};

ss_check_fn ss_check_find(const char *name)
{
    for (size_t i = 0; rows[i].name; i++) {
        if (!strcmp(rows[i].name, name))
            return rows[i].check;
    }
    return NULL;
}

/* A nibble at a time: 64 bytes of table, and tokens are short. */
uint32_t ss_crc32(ss_bytes s)
{
    static const uint32_t table[16] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
        0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
        0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
    uint32_t crc = 0xffffffffu;

    for (size_t i = 0; i < s.len; i++) {
        crc ^= s.data[i];
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    return ~crc;
}

void ss_base62(char *out, size_t n, uint32_t value)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz";

    for (size_t i = n; i > 0; i--) {
        out[i - 1] = digits[value % 62];
        value /= 62;
    }
}

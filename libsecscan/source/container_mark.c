/*
 * container_mark.c: the archives and streams of container_mark.h.
 */
#include "container_mark.h"

#define TAR_BLOCK 512u
#define TAR_SUM_AT 148u
#define TAR_SUM_END 156u
#define TAR_MAGIC_AT 257u
#define CPIO_HEX 110u
#define CPIO_OCTAL 76u
#define CPIO_BINARY 26u

static int all_in(ss_bytes head, size_t from, size_t to, const char *set)
{
    if (to > head.len)
        return 0;
    for (; from < to; from++)
        if (head.data[from] == 0 || !strchr(set, head.data[from]))
            return 0;
    return 1;
}

/* The sum that the header states; UINT32_MAX when it states none. */
static uint32_t tar_stated_sum(const uint8_t *header)
{
    size_t at = TAR_SUM_AT;
    uint32_t sum = 0;

    while (at < TAR_SUM_END && header[at] == ' ')
        at++;
    if (at == TAR_SUM_END || header[at] < '0' || header[at] > '7')
        return UINT32_MAX;
    for (; at < TAR_SUM_END && header[at] >= '0' && header[at] <= '7'; at++)
        sum = sum * 8 + header[at] - '0';
    return sum;
}

static int tar_sum_is_right(const uint8_t *header)
{
    uint32_t stated = tar_stated_sum(header);
    uint32_t sum = 0, minus = 0;

    for (size_t i = 0; i < TAR_BLOCK; i++) {
        uint8_t byte = i >= TAR_SUM_AT && i < TAR_SUM_END ? ' ' : header[i];

        sum += byte;
        minus += byte >> 7;
    }
    /* Some programs of old took bytes for signed. */
    return stated == sum || stated == sum - 256 * minus;
}

/* The first two tests are all that text ever gets to. */
int ss_mark_tar(ss_bytes head)
{
    if (head.len < TAR_BLOCK)
        return 0;
    if (memcmp(head.data + TAR_MAGIC_AT, "ustar", 5) != 0 &&
        (head.data[TAR_MAGIC_AT] != 0 || head.data[TAR_BLOCK - 1] != 0))
        return 0;
    return head.data[0] != 0 && tar_sum_is_right(head.data);
}

int ss_mark_cpio_hex(ss_bytes head)
{
    return all_in(head, 6, CPIO_HEX, "0123456789abcdefABCDEF");
}

int ss_mark_cpio_octal(ss_bytes head)
{
    return all_in(head, 6, CPIO_OCTAL, "01234567");
}

static unsigned half(ss_bytes head, size_t at)
{
    unsigned low = head.data[at], high = head.data[at + 1];

    return head.data[0] == 0x71 ? low << 8 | high : high << 8 | low;
}

int ss_mark_cpio_binary(ss_bytes head)
{
    unsigned name, type;

    if (head.len < CPIO_BINARY)
        return 0;
    name = half(head, 20);
    type = half(head, 6) >> 12;
    if (name < 2 || name > head.len - CPIO_BINARY)
        return 0;
    return head.data[CPIO_BINARY + name - 1] == 0 &&
           memchr(head.data + CPIO_BINARY, 0, name - 1) == NULL && type != 0 &&
           type != 3 && type != 5 && type != 7;
}

int ss_mark_ar(ss_bytes head)
{
    return head.len == 8 ||
           (head.len >= 68 && head.data[66] == '`' && head.data[67] == '\n');
}

int ss_mark_lha(ss_bytes head)
{
    return head.len > 21 && head.data[2] == '-' && head.data[3] == 'l' &&
           (head.data[4] == 'h' || head.data[4] == 'z') &&
           ss_is_alnum(head.data[5]) && head.data[6] == '-' &&
           head.data[20] <= 2;
}

int ss_mark_gzip(ss_bytes head)
{
    return head.len > 3 && (head.data[3] & 0xe0) == 0;
}

/* A block, or the end of a stream without one. */
int ss_mark_bzip2(ss_bytes head)
{
    return head.len >= 14 && head.data[3] >= '1' && head.data[3] <= '9' &&
           (memcmp(head.data + 4, "\x31\x41\x59\x26\x53\x59", 6) == 0 ||
            memcmp(head.data + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0);
}

int ss_mark_lzip(ss_bytes head)
{
    unsigned log = head.len >= 26 ? head.data[5] & 0x1fu : 0;

    return log >= 12 && log <= 29;
}

int ss_mark_compress(ss_bytes head)
{
    unsigned bits = head.len > 4 ? head.data[2] & 0x7fu : 0;

    /* The first code stands for a byte: its ninth bit is 0. */
    return bits >= 9 && bits <= 16 && (head.data[4] & 1) == 0;
}

static int is_lzma_dictionary(uint32_t size)
{
    for (unsigned bit = 12; bit < 31; bit++)
        if (size == 1u << bit || size == (1u << bit) + (1u << (bit - 1)))
            return 1;
    return 0;
}

/* It has no magic number: a usual dictionary, a size below 256 GiB or none, and
 * the zero that begins what is range-coded. */
int ss_mark_lzma(ss_bytes head)
{
    static const uint8_t unknown[8] = {255, 255, 255, 255, 255, 255, 255, 255};
    const uint8_t *at = head.data;

    if (head.len < 18 || at[13] != 0)
        return 0;
    if (!is_lzma_dictionary((uint32_t)at[1] | (uint32_t)at[2] << 8 |
                            (uint32_t)at[3] << 16 | (uint32_t)at[4] << 24))
        return 0;
    return memcmp(at + 5, unknown, 8) == 0 ||
           (at[10] == 0 && at[11] == 0 && at[12] == 0 && at[9] < 64);
}

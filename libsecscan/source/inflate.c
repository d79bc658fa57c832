/*
 * inflate.c: whole-buffer inflate with libdeflate, which is 1.1 to 2.6 times as
 * fast as zlib on packs. It cannot stop early: zlib reads what is only looked
 * at.
 */
#include "inflate.h"

#include "base/alloc.h"

#include <libdeflate.h>
#include <zlib.h>

struct ss_inflater {
    struct libdeflate_decompressor *zlib;
};

int ss_inflater_new(ss_inflater **out, secscan_error *err)
{
    ss_inflater *inflater = ss_calloc(1, sizeof(*inflater));

    if (!inflater)
        return ss_fail_nomem(err);
    inflater->zlib = libdeflate_alloc_decompressor();
    if (!inflater->zlib) {
        ss_free(inflater);
        return ss_fail_nomem(err);
    }
    *out = inflater;
    return 0;
}

void ss_inflater_free(ss_inflater *inflater)
{
    if (!inflater)
        return;
    libdeflate_free_decompressor(inflater->zlib);
    ss_free(inflater);
}

int ss_inflate(ss_inflater *inflater, ss_bytes in, uint8_t *out, size_t len,
               size_t *used, secscan_error *err)
{
    enum libdeflate_result result;
    uint8_t none;
    size_t in_used = 0;

    /* A NULL count asks for exactly `len` bytes. */
    result =
        libdeflate_zlib_decompress_ex(inflater->zlib, in.data, in.len,
                                      len ? out : &none, len, &in_used, NULL);
    if (result != LIBDEFLATE_SUCCESS)
        return ss_fail(err, SECSCAN_ERR_CORRUPT, "damaged zlib stream");
    if (used)
        *used = in_used;
    return 0;
}

int ss_inflate_head(ss_bytes in, uint8_t *out, size_t len, size_t *got,
                    secscan_error *err)
{
    z_stream stream = {0};
    int rc;

    ss_assert(len <= UINT32_MAX);
    if (inflateInit(&stream) != Z_OK)
        return ss_fail_nomem(err);
    stream.next_in = (Bytef *)(uintptr_t)in.data;
    stream.avail_in = in.len < UINT32_MAX ? (uInt)in.len : UINT32_MAX;
    stream.next_out = out;
    stream.avail_out = (uInt)len;
    rc = inflate(&stream, Z_SYNC_FLUSH);
    *got = len - stream.avail_out;
    inflateEnd(&stream);
    if (rc == Z_MEM_ERROR)
        return ss_fail_nomem(err);
    return rc == Z_OK || rc == Z_STREAM_END || rc == Z_BUF_ERROR
               ? 0
               : ss_fail(err, SECSCAN_ERR_CORRUPT, "damaged zlib stream");
}

uint32_t ss_inflate_crc32(ss_bytes bytes)
{
    return ss_inflate_crc32_more(0, bytes);
}

uint32_t ss_inflate_crc32_more(uint32_t crc, ss_bytes bytes)
{
    return libdeflate_crc32(crc, bytes.data, bytes.len);
}

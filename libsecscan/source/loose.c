/*
 * loose.c: read loose objects. Trusts no number in them: what the header states
 * is all that is ever inflated.
 */
#include "loose.h"

static int fail_damaged(secscan_error *err)
{
    return ss_fail(err, SECSCAN_ERR_CORRUPT, "damaged loose object");
}

static ss_object_kind kind_of(ss_bytes name)
{
    static const struct {
        const char *name;
        ss_object_kind kind;
    } kinds[] = {{"blob", SS_OBJECT_BLOB},
                 {"tree", SS_OBJECT_TREE},
                 {"commit", SS_OBJECT_COMMIT},
                 {"tag", SS_OBJECT_TAG}};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (ss_bytes_equal(name, ss_bytes_str(kinds[i].name)))
            return kinds[i].kind;
    }
    return SS_OBJECT_UNKNOWN;
}

static int read_size(ss_bytes digits, uint64_t *out)
{
    *out = 0;
    if (!digits.len || (digits.data[0] == '0' && digits.len > 1))
        return -1;
    for (size_t i = 0; i < digits.len; i++) {
        if (!ss_is_digit(digits.data[i]) || *out > (UINT64_MAX >> 1) / 10 - 1)
            return -1;
        *out = *out * 10 + (digits.data[i] - '0');
    }
    return 0;
}

int ss_loose_open(ss_loose *out, ss_bytes file, secscan_error *err)
{
    uint8_t head[SS_LOOSE_HEAD];
    const uint8_t *space, *end;
    size_t got = 0;
    int rc = ss_inflate_head(file, head, sizeof(head), &got, err);

    if (rc)
        return rc;
    end = memchr(head, '\0', got);
    space = end ? memchr(head, ' ', (size_t)(end - head)) : NULL;
    if (!space)
        return fail_damaged(err);
    out->head_len = (size_t)(end - head) + 1;
    out->kind = kind_of(ss_bytes_of(head, (size_t)(space - head)));
    if (out->kind == SS_OBJECT_UNKNOWN ||
        read_size(ss_bytes_of(space + 1, (size_t)(end - space - 1)),
                  &out->size))
        return fail_damaged(err);
    return 0;
}

/* What does not deflate is stored, at five bytes for each 16 KiB at least. */
uint64_t ss_loose_max_file(const ss_loose *loose)
{
    return loose->size + loose->size / 8 + 4096;
}

int ss_loose_read(const ss_loose *loose, ss_inflater *inflater, ss_bytes file,
                  uint8_t *out, secscan_error *err)
{
    size_t used = 0;
    int rc = ss_inflate(inflater, file, out,
                        loose->head_len + (size_t)loose->size, &used, err);

    return !rc && used != file.len ? fail_damaged(err) : rc;
}

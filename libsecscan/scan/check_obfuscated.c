/*
 * check_obfuscated.c: passwords that programs store scrambled with something
 * that everybody knows. What comes out is a text or it is not: that it is none
 * proves little, since versions differ, so nothing fails here.
 */
#include "scan/check_family.h"

#include "scan/aes.h"
#include "scan/filter.h"

/* What a scrambled text decodes to. */
static void judge_text(ss_bytes text, ss_check_result *result)
{
    if (!text.len || !ss_is_text(text))
        ss_check_unsure(result, "it does not decode to text");
    else if (ss_is_placeholder(text))
        ss_check_never(result, "it decodes to a placeholder");
    else
        ss_check_pass(result, SECSCAN_STRUCTURE,
                      "reversible: it decodes to a text");
}

/* UTF-16LE of Latin letters, in place; SIZE_MAX for what is none. */
static size_t narrow(uint8_t *raw, size_t len)
{
    if (len % 2)
        return SIZE_MAX;
    for (size_t i = 0; i < len / 2; i++) {
        if (raw[2 * i + 1])
            return SIZE_MAX;
        raw[i] = raw[2 * i];
    }
    return len / 2;
}

void ss_check_base64_password(ss_bytes secret, ss_bytes match,
                              ss_check_result *result)
{
    uint8_t raw[SS_CHECK_SHORT];
    size_t len = ss_unbase64(raw, sizeof(raw), secret);

    (void)match;
    judge_text((ss_bytes){raw, len == SIZE_MAX ? 0 : len}, result);
}

/* The value and the element's name, in UTF-16LE, in base64. */
void ss_check_unattend(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    uint8_t raw[SS_CHECK_SHORT];
    size_t len = ss_unbase64(raw, sizeof(raw), secret);

    (void)match;
    if (len != SIZE_MAX)
        len = narrow(raw, len);
    if (len == SIZE_MAX || len < 8 || memcmp(raw + len - 8, "Password", 8))
        ss_check_unsure(result, "");
    else
        judge_text((ss_bytes){raw, len}, result);
}

/* {xor} of WebSphere: base64, each byte changed by an underscore. */
void ss_check_websphere(ss_bytes secret, ss_bytes match,
                        ss_check_result *result)
{
    uint8_t raw[SS_CHECK_SHORT];
    size_t len = ss_unbase64(raw, sizeof(raw), secret);

    (void)match;
    if (len == SIZE_MAX)
        len = 0;
    for (size_t i = 0; i < len; i++)
        raw[i] ^= '_';
    judge_text((ss_bytes){raw, len}, result);
}

static int hex_digit(uint8_t c)
{
    if (ss_is_digit(c))
        return c - '0';
    c = ss_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static size_t unhex(uint8_t *out, size_t cap, ss_bytes text)
{
    size_t len = text.len / 2;

    if (text.len % 2 || len > cap)
        return SIZE_MAX;
    for (size_t i = 0; i < len; i++) {
        int high = hex_digit(text.data[2 * i]);
        int low = hex_digit(text.data[2 * i + 1]);

        if (high < 0 || low < 0)
            return SIZE_MAX;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return len;
}

/* Two decimal digits: where in the key the first byte starts. */
void ss_check_cisco7(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    static const char key[] = "dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k"
                              ";fg87";
    uint8_t raw[SS_CHECK_SHORT];
    size_t len = unhex(raw, sizeof(raw), ss_cut(secret, 2, SIZE_MAX));
    size_t start;

    (void)match;
    if (len == SIZE_MAX || secret.len < 4 || !ss_is_digit(secret.data[0]) ||
        !ss_is_digit(secret.data[1])) {
        ss_check_unsure(result, "not the form that decodes");
        return;
    }
    start = (size_t)(secret.data[0] - '0') * 10 + secret.data[1] - '0';
    for (size_t i = 0; i < len; i++)
        raw[i] ^= (uint8_t)key[(start + i) % (sizeof(key) - 1)];
    judge_text((ss_bytes){raw, len}, result);
}

/* Juniper's letters, in four families: those of the first have three letters
 * of salt behind them, those of the last none. */
static const char juniper_letters[] = "QzF3n6/9CAtpu0O"
                                      "B1IREhcSyrleKvMW8LXx"
                                      "7N-dVbwsY2g4oaJZGUDj"
                                      "iHkq.mPf5T";
#define N_LETTERS 65

static int juniper_place(uint8_t c)
{
    const char *at = memchr(juniper_letters, c, N_LETTERS);

    return at ? (int)(at - juniper_letters) : -1;
}

static size_t juniper_salt(int place)
{
    return place < 15 ? 3 : place < 35 ? 2 : place < 55 ? 1 : 0;
}

/* Each byte is a sum of the gaps between neighbouring letters, weighted. */
static size_t decode_juniper(uint8_t *out, size_t cap, ss_bytes text)
{
    static const uint8_t weights[7][4] = {
        {1, 4, 32}, {1, 16, 32},     {1, 8, 32}, {1, 64},
        {1, 32},    {1, 4, 16, 128}, {1, 32, 64}};
    int last = text.len ? juniper_place(text.data[0]) : -1;
    size_t at = 1 + juniper_salt(last), len = 0;

    if (last < 0)
        return SIZE_MAX;
    for (; at < text.len && len < cap; len++) {
        const uint8_t *weight = weights[len % 7];
        unsigned sum = 0;

        for (size_t k = 0; k < 4 && weight[k]; k++, at++) {
            int place = at < text.len ? juniper_place(text.data[at]) : -1;

            if (place < 0)
                return SIZE_MAX;
            sum += weight[k] *
                   (unsigned)((place - last + N_LETTERS - 1) % N_LETTERS);
            last = place;
        }
        out[len] = (uint8_t)sum;
    }
    return len;
}

void ss_check_juniper9(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    uint8_t raw[SS_CHECK_SHORT];
    size_t len;

    (void)match;
    if (ss_bytes_starts(secret, "$9$"))
        secret = ss_cut(secret, 3, SIZE_MAX);
    len = decode_juniper(raw, sizeof(raw), secret);
    judge_text((ss_bytes){raw, len == SIZE_MAX ? 0 : len}, result);
}

/* A mark, the length, so many bytes that count for nothing, the text. */
void ss_check_winscp(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    uint8_t raw[SS_CHECK_SHORT];
    size_t len = unhex(raw, sizeof(raw), secret);
    ss_bytes text = {0};

    (void)match;
    if (len == SIZE_MAX)
        len = 0;
    for (size_t i = 0; i < len; i++)
        raw[i] = (uint8_t) ~(raw[i] ^ 0xa3);
    if (len > 4 && raw[0] == 0xff && raw[1] == 0 && 4u + raw[3] + raw[2] <= len)
        text = (ss_bytes){raw + 4 + raw[3], raw[2]};
    judge_text(text, result);
}

/* Sixteen bytes of counter, then the text, with the key in rclone's source. */
void ss_check_rclone(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    static const uint8_t key[32] = {
        0x9c, 0x93, 0x5b, 0x48, 0x73, 0x0a, 0x55, 0x4d, 0x6b, 0xfd, 0x7c,
        0x63, 0xc8, 0x86, 0xa9, 0x2b, 0xd3, 0x90, 0x19, 0x8e, 0xb8, 0x12,
        0x8a, 0xfb, 0xf4, 0xde, 0x16, 0x2b, 0x8b, 0x95, 0xf6, 0x38};
    uint8_t raw[SS_CHECK_SHORT];
    size_t len = ss_unbase64(raw, sizeof(raw), secret);
    ss_aes aes;

    (void)match;
    if (len == SIZE_MAX || len <= SS_AES_BLOCK) {
        ss_check_unsure(result, "not the form that decodes");
        return;
    }
    ss_aes_init(&aes, key);
    for (size_t at = SS_AES_BLOCK; at < len; at += SS_AES_BLOCK) {
        uint8_t pad[SS_AES_BLOCK];

        memcpy(pad, raw, SS_AES_BLOCK);
        ss_aes_encrypt(&aes, pad);
        for (size_t i = 0; i < SS_AES_BLOCK && at + i < len; i++)
            raw[at + i] ^= pad[i];
        for (size_t i = SS_AES_BLOCK; i > 0 && ++raw[i - 1] == 0; i--)
            ;
    }
    judge_text((ss_bytes){raw + SS_AES_BLOCK, len - SS_AES_BLOCK}, result);
}

/* CBC with no start value: each block is changed by the one before. */
static void decrypt_chain(const ss_aes *aes, uint8_t *raw, size_t len)
{
    uint8_t before[SS_AES_BLOCK] = {0}, here[SS_AES_BLOCK];

    for (size_t at = 0; at < len; at += SS_AES_BLOCK) {
        memcpy(here, raw + at, SS_AES_BLOCK);
        ss_aes_decrypt(aes, raw + at);
        for (size_t i = 0; i < SS_AES_BLOCK; i++)
            raw[at + i] ^= before[i];
        memcpy(before, here, SS_AES_BLOCK);
    }
}

/* The key is the one that Microsoft published with the protocol. */
void ss_check_cpassword(ss_bytes secret, ss_bytes match,
                        ss_check_result *result)
{
    static const uint8_t key[32] = {
        0x4e, 0x99, 0x06, 0xe8, 0xfc, 0xb6, 0x6c, 0xc9, 0xfa, 0xf4, 0x93,
        0x10, 0x62, 0x0f, 0xfe, 0xe8, 0xf4, 0x96, 0xe8, 0x06, 0xcc, 0x05,
        0x79, 0x90, 0x20, 0x9b, 0x09, 0xa4, 0x33, 0xb6, 0x6c, 0x1b};
    uint8_t raw[SS_CHECK_SHORT];
    size_t len = ss_unbase64(raw, sizeof(raw), secret);
    ss_aes aes;

    (void)match;
    if (len == SIZE_MAX || !len || len % SS_AES_BLOCK) {
        ss_check_unsure(result, "not the form that decodes");
        return;
    }
    ss_aes_init(&aes, key);
    decrypt_chain(&aes, raw, len);
    len = raw[len - 1] <= SS_AES_BLOCK ? narrow(raw, len - raw[len - 1])
                                       : SIZE_MAX;
    judge_text((ss_bytes){raw, len == SIZE_MAX ? 0 : len}, result);
}

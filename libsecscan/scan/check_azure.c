/*
 * check_azure.c: Microsoft's keys: Marvin32 checksums at fixed places, and the
 * CRC-32 inside an older personal access token.
 */
#include "scan/check_family.h"

static uint32_t rotate(uint32_t v, unsigned n)
{
    return v << n | v >> (32 - n);
}

static void mix(uint32_t p[2])
{
    p[1] ^= p[0];
    p[0] = rotate(p[0], 20) + p[1];
    p[1] = rotate(p[1], 9) ^ p[0];
    p[0] = rotate(p[0], 27) + p[1];
    p[1] = rotate(p[1], 19);
}

static uint32_t read_word(const uint8_t *at, size_t len)
{
    uint32_t word = 0;

    for (size_t i = 0; i < len; i++)
        word |= (uint32_t)at[i] << 8 * i;
    return word;
}

/* The seed is eight characters read as one big-endian number. */
uint32_t ss_marvin32(ss_bytes data, const char seed[8])
{
    uint32_t p[2] = {0, 0};
    size_t at = 0;
    size_t rest = data.len & 3;

    for (size_t i = 0; i < 4; i++) {
        p[1] = p[1] << 8 | (uint8_t)seed[i];
        p[0] = p[0] << 8 | (uint8_t)seed[4 + i];
    }
    for (; at + 4 <= data.len; at += 4) {
        p[0] += read_word(data.data + at, 4);
        mix(p);
    }
    p[0] += read_word(data.data + at, rest) | 0x80u << 8 * rest;
    mix(p);
    mix(p);
    return p[0] ^ p[1];
}

/* Where the 28 bytes of data are among the 32. */
static const uint8_t devops_data[28] = {0,  1,  3,  4,  5,  6,  9,  10, 11, 12,
                                        13, 14, 15, 16, 17, 18, 19, 20, 21, 23,
                                        24, 25, 26, 27, 28, 29, 30, 31};

void ss_check_devops_pat(ss_bytes secret, ss_bytes match,
                         ss_check_result *result)
{
    uint8_t b[33], data[28];
    uint32_t sum, crc;

    (void)match;
    if (secret.len != 52 || ss_unbase32(b, sizeof(b), secret) != 32) {
        ss_check_unsure(result, "not the form that has a checksum");
        return;
    }
    for (size_t i = 0; i < sizeof(data); i++)
        data[i] = b[devops_data[i]];
    crc = ss_crc32((ss_bytes){data, sizeof(data)});
    sum = (uint32_t)b[2] << 24 | (uint32_t)b[7] << 16 | (uint32_t)b[8] << 8 |
          b[22];
    ss_check_sum(result,
                 sum == (crc ^ 0xe0b9692du) || sum == (crc ^ 0x1019f92eu));
}

typedef struct identifiable {
    const char *signature;
    size_t len;        /* of the decoded key */
    const char *seeds; /* eight characters each */
    const char *reason;
} identifiable;

static const identifiable identifiables[] = {
    {"+ASt", 64, "Default0", "a Storage account key, its checksum is right"},
    {"ACDb", 64, "MastRW00MastRO00SysAll00SystRO00SystRW00Resour00Encryp00",
     "a Cosmos DB key, its checksum is right"},
    {"+ABa", 64, "AbAcct00", "a Batch key, its checksum is right"},
    {"+AMC", 64, "Classic0", "an ML key, its checksum is right"},
    {"APIM", 64, "Tenant00Gatewy00GitKey00IoTHub00",
     "an API Management key, its checksum is right"},
    {"+ASb", 32, "Send0000Listen00Manage00System00Unknown0",
     "a Service Bus key, its checksum is right"},
    {"+AEh", 32, "Send0000Listen00Manage00System00Unknown0",
     "an Event Hubs key, its checksum is right"},
    {"+ARm", 32, "Send0000Listen00Manage00System00Unknown0",
     "a Relay key, its checksum is right"},
    {"AIoT", 32, "IoTHub00DpsKey00Device00",
     "an IoT Hub key, its checksum is right"},
    {"AzCa", 32, "Access00", "a Redis key, its checksum is right"},
    {"+ACR", 39, "ACRDflt0", "a Container Registry key, its checksum is right"},
    {"AzSe", 39, "PAdmin00Query000", "an AI Search key, its checksum is right"},
    {"AzFu", 40, "Master00System00Functi00",
     "a Functions key, its checksum is right"},
};

static const identifiable *find_signature(ss_bytes key)
{
    while (key.len && key.data[key.len - 1] == '=')
        key.len--;
    if (key.len < 10)
        return NULL;
    for (size_t i = 0; i < sizeof(identifiables) / sizeof(identifiables[0]);
         i++) {
        if (!memcmp(key.data + key.len - 10, identifiables[i].signature, 4))
            return &identifiables[i];
    }
    return NULL;
}

static int has_marvin_tail(const uint8_t *raw, size_t len, const char *seeds)
{
    uint32_t sum = read_word(raw + len - 4, 4);

    for (; *seeds; seeds += 8) {
        if (ss_marvin32((ss_bytes){raw, len - 4}, seeds) == sum)
            return 1;
    }
    return 0;
}

/* Keys from before 2021 have no signature: absence proves nothing. In keys for
 * Redis some letters were exchanged after the checksum was set. */
void ss_check_identifiable(ss_bytes secret, ss_bytes match,
                           ss_check_result *result)
{
    const identifiable *kind = find_signature(secret);
    uint8_t raw[65];
    size_t len;

    (void)match;
    if (!kind) {
        ss_check_unsure(result, "no signature of an identifiable key");
        return;
    }
    len = ss_unbase64(raw, sizeof(raw), secret);
    if (len != kind->len)
        ss_check_unsure(result, "not the length its signature has");
    else if (has_marvin_tail(raw, len, kind->seeds))
        ss_check_pass(result, SECSCAN_CHECKSUM, kind->reason);
    else if (!strcmp(kind->signature, "AzCa"))
        ss_check_unsure(result, "its checksum is not the known one");
    else
        ss_check_sum(result, 0);
}

/* The checksum as the older of the two forms has it: base62 of the four bytes
 * as one big-endian number, a leading 0 for each leading zero byte, padded on
 * the right. */
static void write_cask_sum(char out[6], uint32_t sum)
{
    uint32_t number = (sum & 0xff) << 24 | (sum & 0xff00) << 8 |
                      (sum >> 8 & 0xff00) | sum >> 24;
    char digits[7];
    size_t n = 0, n_zeros = 0;

    while (n_zeros < 3 && !(sum >> 8 * n_zeros & 0xff))
        n_zeros++;
    for (uint32_t v = number; v; v /= 62)
        n++;
    memset(out, '0', 6);
    ss_base62(digits, n, number);
    if (n > 6 - n_zeros)
        n = 6 - n_zeros;
    memcpy(out + n_zeros, digits, n);
}

void ss_check_cask(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    uint8_t raw[61], tail[4];
    uint32_t sum;
    char expected[6];
    size_t n_tail = secret.len == 84 ? 4 : 6;

    (void)match;
    if ((secret.len != 84 && secret.len != 86 && secret.len != 88) ||
        memcmp(secret.data + 52, "JQQJ", 4) ||
        ss_unbase64(raw, sizeof(raw), ss_cut(secret, 0, 80)) != 60) {
        ss_check_unsure(result, "not the form that has a checksum");
        return;
    }
    sum = ss_marvin32((ss_bytes){raw, 60}, "Default0");
    write_cask_sum(expected, sum);
    if (!memcmp(secret.data + 80, expected, n_tail)) {
        ss_check_sum(result, 1);
        return;
    }
    /* The oldest keys have the first three bytes in plain base64. */
    ss_check_sum(result, ss_unbase64(tail, 4, ss_cut(secret, 80, 4)) == 3 &&
                             read_word(tail, 3) == (sum & 0xffffff));
}

void ss_check_entra(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    static const char digits[] = "abcdefghijklmnopqrstuvwxyz"
                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~";
    char tail[6];
    uint32_t sum;

    (void)match;
    if (secret.len != 40 || memcmp(secret.data + 3, "8Q~", 3)) {
        ss_check_unsure(result, "not the form that has a checksum");
        return;
    }
    sum = ss_marvin32(ss_cut(secret, 0, 37), "AadPwd00");
    for (size_t i = 6; i > 0; i--) {
        tail[i - 1] = digits[sum % 66];
        sum /= 66;
    }
    ss_check_sum(result, !memcmp(tail, secret.data + 37, 3));
}

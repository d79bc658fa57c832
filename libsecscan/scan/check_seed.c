/*
 * check_seed.c: private seeds with a checksum of a public standard: bech32
 * (BIP-173), and CRC-16/XMODEM in base32.
 */
#include "scan/check_family.h"

static uint32_t polymod(uint32_t sum, uint32_t value)
{
    static const uint32_t generators[5] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa,
                                           0x3d4233dd, 0x2a1462b3};
    uint32_t top = sum >> 25;

    sum = (sum & 0x1ffffff) << 5 ^ value;
    for (unsigned i = 0; i < 5; i++) {
        if (top >> i & 1)
            sum ^= generators[i];
    }
    return sum;
}

static size_t find_separator(ss_bytes secret)
{
    for (size_t i = secret.len; i > 0; i--) {
        if (secret.data[i - 1] == '1')
            return i - 1;
    }
    return SIZE_MAX;
}

void ss_check_bech32(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    static const char digits[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    size_t split = find_separator(secret);
    uint32_t sum = 1;

    (void)match;
    if (split == SIZE_MAX || split == 0) {
        ss_check_unsure(result, "not the form that has a checksum");
        return;
    }
    for (size_t i = 0; i < split; i++)
        sum = polymod(sum, ss_lower(secret.data[i]) >> 5);
    sum = polymod(sum, 0);
    for (size_t i = 0; i < split; i++)
        sum = polymod(sum, ss_lower(secret.data[i]) & 31);
    for (size_t i = split + 1; i < secret.len; i++) {
        const char *digit = memchr(digits, ss_lower(secret.data[i]), 32);

        if (!digit) {
            ss_check_sum(result, 0);
            return;
        }
        sum = polymod(sum, (uint32_t)(digit - digits));
    }
    ss_check_sum(result, sum == 1);
}

static uint16_t crc16(const uint8_t *data, size_t len)
{
    uint32_t crc = 0;

    for (size_t i = 0; i < len; i++) {
        crc ^= (uint32_t)data[i] << 8;
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1;
    }
    return (uint16_t)crc;
}

/* `len` bytes of base32 with the CRC of the others in the last two, the low
 * byte first. */
static void check_crc16(ss_bytes secret, size_t len, uint8_t head,
                        ss_check_result *result)
{
    uint8_t raw[40];

    if (ss_unbase32(raw, sizeof(raw), secret) != len ||
        (raw[0] & 0xf8) != head) {
        ss_check_unsure(result, "not the form that has a checksum");
        return;
    }
    ss_check_sum(result, crc16(raw, len - 2) ==
                             (uint16_t)(raw[len - 1] << 8 | raw[len - 2]));
}

void ss_check_nats(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    (void)match;
    check_crc16(secret, 36, 0x90, result);
}

void ss_check_stellar(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    (void)match;
    check_crc16(secret, 35, 0x90, result);
}

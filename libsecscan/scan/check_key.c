/*
 * check_key.c: private keys as blocks of text: PEM, OpenSSH, PGP, PuTTY.
 * Blocks also stand in string literals, with \n written out.
 */
#include "scan/check_family.h"

#include "scan/key_kind.h"

#include <stdio.h>

/* Bytes of the body that are looked at: enough for the public half of a PGP
 * key, which stands in front of what says whether it is locked. */
#define HEAD_CHARS 1600u
/* No private key has a shorter body: 32 bytes of Ed25519 in PKCS#8 are 64. */
#define MIN_BODY_CHARS 40u

typedef struct block {
    ss_bytes label; /* "RSA PRIVATE KEY" */
    ss_bytes body;  /* between the BEGIN and the END line */
    int has_end;
    uint8_t head[HEAD_CHARS]; /* first base64 characters of the body */
    size_t n_head, n_chars;
} block;

static int find(ss_bytes s, const char *text, size_t *at)
{
    size_t len = strlen(text);

    for (size_t i = 0; i + len <= s.len; i++) {
        const uint8_t *p = memchr(s.data + i, text[0], s.len - i - len + 1);

        if (!p)
            return 0;
        i = (size_t)(p - s.data);
        if (!memcmp(p, text, len)) {
            *at = i;
            return 1;
        }
    }
    return 0;
}

static int has(ss_bytes s, const char *text)
{
    size_t at;

    return find(s, text, &at);
}

static int open_block(block *b, ss_bytes text)
{
    size_t at, end;

    if (!find(text, "-----BEGIN ", &at))
        return 0;
    text = ss_cut(text, at + 11, SIZE_MAX);
    if (!find(text, "-----", &at))
        return 0;
    b->label = ss_cut(text, 0, at);
    b->body = ss_cut(text, at + 5, SIZE_MAX);
    b->has_end = find(b->body, "-----END", &end);
    if (b->has_end)
        b->body.len = end;
    return 1;
}

static int is_base64(uint8_t c)
{
    return ss_is_alnum(c) || c == '+' || c == '/';
}

/* Where the line that starts the data is: behind headers ("DEK-Info: ..."),
 * which may have a line of their own or a \n written out. */
static ss_bytes skip_headers(ss_bytes body)
{
    size_t at = 0;

    for (size_t i = 0; i + 1 < body.len; i++) {
        if (body.data[i] == ':' && body.data[i + 1] == ' ')
            at = i;
    }
    if (at == 0)
        return body;
    while (at < body.len && body.data[at] != '\n' &&
           !(body.data[at] == '\\' && at + 1 < body.len &&
             body.data[at + 1] == 'n'))
        at++;
    return ss_cut(body, at, SIZE_MAX);
}

static void collect_body(block *b)
{
    ss_bytes body = skip_headers(b->body);

    for (size_t i = 0; i < body.len; i++) {
        uint8_t c = body.data[i];

        if (c == '\\') { /* \n, \r, \t: the letter is no data */
            i++;
            continue;
        }
        if (!is_base64(c))
            continue;
        b->n_chars++;
        if (b->n_head < HEAD_CHARS)
            b->head[b->n_head++] = c;
    }
}

/* What the first bytes say of the body: does it hold what it says it holds? */
static int is_cut_short(const uint8_t *raw, size_t len, size_t n_chars)
{
    size_t stated;

    if (len < 4 || raw[0] != 0x30)
        return 0;
    if (raw[1] == 0x82)
        stated = 4 + ((size_t)raw[2] << 8 | raw[3]);
    else if (raw[1] == 0x81)
        stated = 3 + (size_t)raw[2];
    else
        stated = 2 + (size_t)raw[1];
    return n_chars / 4 * 3 + 3 < stated;
}

/* "<kind>, not encrypted"; `kind` may be empty. */
static void pass_open(ss_check_result *result, const char *kind,
                      const char *otherwise)
{
    char reason[100];

    snprintf(reason, sizeof(reason), "%s, not encrypted",
             *kind ? kind : otherwise);
    ss_check_pass(result, SECSCAN_STRUCTURE, reason);
}

/* "openssh-key-v1", NUL, and the name of the cipher as a string of SSH. */
static void judge_openssh(const uint8_t *raw, size_t len,
                          ss_check_result *result)
{
    char kind[SS_KEY_KIND_TEXT];

    if (len < 24 || memcmp(raw, "openssh-key-v1", 15)) {
        ss_check_unsure(result, "its body does not start as OpenSSH's does");
        return;
    }
    if (raw[18] != 4 || memcmp(raw + 19, "none", 4) != 0) {
        ss_check_weak(result, "an encrypted OpenSSH private key");
        return;
    }
    ss_key_kind_openssh(kind, (ss_bytes){raw + 15, len - 15});
    pass_open(result, kind, "an OpenSSH private key");
}

/* The CRC-24 of RFC 4880. */
static uint32_t crc24(uint32_t crc, uint8_t byte)
{
    crc ^= (uint32_t)byte << 16;
    for (int bit = 0; bit < 8; bit++)
        crc = crc & 0x800000 ? (crc << 1 ^ 0x864cfb) & 0xffffff : crc << 1;
    return crc;
}

/* "=" and four characters of a line of their own, at the end: where they are,
 * or SIZE_MAX. Newer programs leave them out. */
static size_t find_armor_sum(ss_bytes body)
{
    for (size_t i = body.len; i > 1; i--) {
        uint8_t before = body.data[i - 2];

        if (body.data[i - 1] == '=' && i + 4 <= body.len &&
            (before == '\n' || before == 'n') && is_base64(body.data[i]))
            return i - 1;
    }
    return SIZE_MAX;
}

/* Bytes of base64, one after the other; escapes and line ends are skipped. */
static uint32_t armor_sum(ss_bytes body)
{
    uint32_t crc = 0xb704ce, held = 0;
    unsigned n_held = 0;

    for (size_t i = 0; i < body.len; i++) {
        uint8_t four[3];
        ss_bytes one = {body.data + i, 1};

        if (body.data[i] == '\\')
            i++;
        else if (is_base64(body.data[i])) {
            uint8_t padded[4] = {'A', 'A', 'A', one.data[0]};

            (void)ss_unbase64(four, sizeof(four), (ss_bytes){padded, 4});
            held = held << 6 | four[2];
            n_held += 6;
        }
        if (n_held >= 8) {
            n_held -= 8;
            crc = crc24(crc, (uint8_t)(held >> n_held));
        }
    }
    return crc;
}

/* 1: right, 0: wrong, -1: there is none. */
static int has_right_sum(ss_bytes body)
{
    size_t at = find_armor_sum(body);
    uint8_t raw[3];

    if (at == SIZE_MAX ||
        ss_unbase64(raw, sizeof(raw), ss_cut(body, at + 1, 4)) != 3)
        return -1;
    return armor_sum(skip_headers(ss_cut(body, 0, at))) ==
           ((uint32_t)raw[0] << 16 | (uint32_t)raw[1] << 8 | raw[2]);
}

/* Tag 5, a secret key, in the old or the new form of a packet's head. */
static void judge_pgp(const block *b, const uint8_t *raw, size_t len,
                      ss_check_result *result)
{
    char kind[SS_KEY_KIND_TEXT];
    ss_key_lock lock;
    int has_sum = has_right_sum(b->body);

    if (!len || ((raw[0] & 0xfc) != 0x94 && raw[0] != 0xc5)) {
        ss_check_unsure(result, "its body does not start as a PGP key does");
        return;
    }
    lock = ss_key_kind_pgp(kind, (ss_bytes){raw, len});
    if (has_sum == 0)
        ss_check_unsure(result, "a PGP private key, its checksum is wrong");
    else if (lock == SS_LOCK_SET)
        ss_check_weak(result, "an encrypted PGP private key");
    else if (lock == SS_LOCK_OPEN)
        pass_open(result, kind, "a PGP private key");
    else
        ss_check_pass(result, SECSCAN_STRUCTURE, "a PGP private key");
    if (has_sum == 1 && result->is == SS_CHECK_PASS)
        result->evidence = SECSCAN_CHECKSUM;
}

static void judge_der(const block *b, const uint8_t *raw, size_t len,
                      ss_check_result *result)
{
    static const char *const labels[] = {"RSA private key", "DSA private key",
                                         "EC private key"};
    const char *otherwise = "private key";
    char kind[SS_KEY_KIND_TEXT];

    if (len == 0 || raw[0] != 0x30) {
        ss_check_unsure(result, "its body is not DER");
        return;
    }
    if (is_cut_short(raw, len, b->n_chars)) {
        ss_check_unsure(result, "its body ends before the key does");
        return;
    }
    for (size_t i = 0; i < 3; i++) {
        if (ss_bytes_starts(b->label, i == 2 ? "EC" : i ? "DSA" : "RSA"))
            otherwise = labels[i];
    }
    ss_key_kind_der(kind, (ss_bytes){raw, len});
    pass_open(result, kind, otherwise);
}

static void judge_block(block *b, ss_check_result *result)
{
    uint8_t raw[HEAD_CHARS];
    size_t len;

    collect_body(b);
    if (b->n_chars < MIN_BODY_CHARS) {
        ss_check_never(result, "a block without a key in it");
        return;
    }
    if (ss_bytes_starts(b->label, "ENCRYPTED") || has(b->body, "ENCRYPTED")) {
        ss_check_weak(result, "an encrypted private key");
        return;
    }
    len = ss_unbase64(raw, sizeof(raw), (ss_bytes){b->head, b->n_head});
    if (ss_bytes_starts(b->label, "OPENSSH"))
        judge_openssh(raw, len, result);
    else if (ss_bytes_starts(b->label, "PGP"))
        judge_pgp(b, raw, len, result);
    else
        judge_der(b, raw, len, result);
}

static void judge_putty(ss_bytes text, ss_check_result *result)
{
    if (!has(text, "Private-Lines:"))
        ss_check_unsure(result, "the private lines are not there");
    else if (has(text, "Encryption: none"))
        pass_open(result,
                  has(text, "ssh-rsa")       ? "PuTTY private key, RSA"
                  : has(text, "ssh-ed25519") ? "PuTTY private key, Ed25519"
                  : has(text, "ecdsa-sha2")  ? "PuTTY private key, EC"
                                             : "",
                  "a PuTTY private key");
    else
        ss_check_weak(result, "an encrypted PuTTY private key");
}

/* The group may be the body alone: the lines around it are in the match. */
void ss_check_private_key(ss_bytes secret, ss_bytes match,
                          ss_check_result *result)
{
    block b = {0};

    if (has(match, "PuTTY-User-Key-File")) {
        judge_putty(match, result);
        return;
    }
    if (!open_block(&b, match) && !open_block(&b, secret)) {
        ss_check_unsure(result, "not a block");
        return;
    }
    judge_block(&b, result);
}

/*
 * template_form.c: UUIDs, JWTs and key blocks that parse as what they say, and
 * open nothing: every number in them is random.
 */
#include "rules/template_form.h"

#define LINE 64u
#define MAX_KEY ((size_t)8 << 10)

static uint64_t next_number(ss_prng *prng)
{
    uint64_t z = prng->state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

uint32_t ss_prng_below(ss_prng *prng, uint32_t n)
{
    return (uint32_t)(next_number(prng) % n);
}

static void put_random(ss_buf *out, ss_prng *prng, size_t n)
{
    while (n--)
        (void)ss_buf_putc(out, (char)next_number(prng));
}

/* ---- base64
 * ------------------------------------------------------------------ */

void ss_form_base64(ss_buf *out, ss_bytes s, int url)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < s.len; i += 3) {
        size_t left = s.len - i;
        uint32_t v = (uint32_t)s.data[i] << 16;

        if (left > 1)
            v |= (uint32_t)s.data[i + 1] << 8;
        if (left > 2)
            v |= s.data[i + 2];
        for (size_t k = 0; k < 4; k++) {
            char c = letters[v >> (18 - 6 * k) & 63];

            if (url && (c == '+' || c == '/'))
                c = c == '+' ? '-' : '_';
            if (k <= left)
                (void)ss_buf_putc(out, c);
            else if (!url)
                (void)ss_buf_putc(out, '=');
        }
    }
}

static void put_lines(ss_buf *out, ss_bytes data)
{
    ss_buf text = SS_BUF_INIT(2 * MAX_KEY);

    ss_form_base64(&text, data, 0);
    for (size_t i = 0; i < text.len; i += LINE) {
        size_t len = text.len - i < LINE ? text.len - i : LINE;

        (void)ss_buf_add(out, text.data + i, len);
        (void)ss_buf_putc(out, '\n');
    }
    ss_buf_release(&text);
}

/* ---- UUID, JWT
 * --------------------------------------------------------------- */

void ss_form_uuid(ss_buf *out, ss_prng *prng)
{
    uint64_t a = next_number(prng);
    uint64_t b = next_number(prng);

    (void)ss_buf_printf(out, "%08x-%04x-4%03x-%04x-%012llx",
                        (unsigned)(a >> 32), (unsigned)(a >> 16 & 0xffff),
                        (unsigned)(a & 0xfff),
                        (unsigned)(0x8000 | (b >> 48 & 0x3fff)),
                        (unsigned long long)(b & 0xffffffffffffu));
}

void ss_form_jwt(ss_buf *out, ss_prng *prng)
{
    static const char header[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
    ss_buf part = SS_BUF_INIT(1024);

    ss_form_base64(out, ss_bytes_str(header), 1);
    (void)ss_buf_putc(out, '.');
    (void)ss_buf_printf(&part, "{\"sub\":\"%u\",\"name\":\"Ada %c%u\",",
                        1000000 + ss_prng_below(prng, 9000000),
                        (char)('A' + (int)ss_prng_below(prng, 26)),
                        ss_prng_below(prng, 1000));
    (void)ss_buf_printf(&part, "\"iat\":%u}",
                        1600000000 + ss_prng_below(prng, 100000000));
    ss_form_base64(out, ss_buf_bytes(&part), 1);
    (void)ss_buf_putc(out, '.');
    ss_buf_reset(&part);
    put_random(&part, prng, 32);
    ss_form_base64(out, ss_buf_bytes(&part), 1);
    ss_buf_release(&part);
}

/* ---- DER
 * ----------------------------------------------------------------------- */

static void put_der(ss_buf *out, uint8_t tag, ss_bytes body)
{
    (void)ss_buf_putc(out, (char)tag);
    if (body.len < 128) {
        (void)ss_buf_putc(out, (char)body.len);
    } else if (body.len < 256) {
        (void)ss_buf_putc(out, (char)0x81);
        (void)ss_buf_putc(out, (char)body.len);
    } else {
        (void)ss_buf_putc(out, (char)0x82);
        (void)ss_buf_putc(out, (char)(body.len >> 8));
        (void)ss_buf_putc(out, (char)body.len);
    }
    (void)ss_buf_add(out, body.data, body.len);
}

static void put_number(ss_buf *out, ss_prng *prng, size_t n)
{
    ss_buf body = SS_BUF_INIT(MAX_KEY);

    /* The high bit is set, as in a real modulus: a zero goes before it. */
    (void)ss_buf_putc(&body, '\0');
    put_random(&body, prng, n);
    if (body.len > 1)
        body.data[1] |= 0x80;
    put_der(out, 2, ss_buf_bytes(&body));
    ss_buf_release(&body);
}

/* Numbers of an RSA key of 2048 bits. */
static void make_rsa(ss_buf *out, ss_prng *prng)
{
    static const size_t sizes[] = {256, 0, 256, 128, 128, 128, 128, 128};
    static const uint8_t version[] = {2, 1, 0};
    static const uint8_t exponent[] = {2, 3, 1, 0, 1};
    ss_buf body = SS_BUF_INIT(MAX_KEY);

    (void)ss_buf_add(&body, version, sizeof(version));
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        if (sizes[i])
            put_number(&body, prng, sizes[i]);
        else
            (void)ss_buf_add(&body, exponent, sizeof(exponent));
    }
    put_der(out, 0x30, ss_buf_bytes(&body));
    ss_buf_release(&body);
}

static void make_ec(ss_buf *out, ss_prng *prng)
{
    static const uint8_t head[] = {2, 1, 1, 4, 32};
    static const uint8_t curve[] = {0xa0, 10,   6,    8,  0x2a, 0x86,
                                    0x48, 0xce, 0x3d, 3,  1,    7,
                                    0xa1, 68,   3,    66, 0,    4};
    ss_buf body = SS_BUF_INIT(MAX_KEY);

    (void)ss_buf_add(&body, head, sizeof(head));
    put_random(&body, prng, 32);
    (void)ss_buf_add(&body, curve, sizeof(curve));
    put_random(&body, prng, 64);
    put_der(out, 0x30, ss_buf_bytes(&body));
    ss_buf_release(&body);
}

static void make_pkcs8(ss_buf *out, ss_prng *prng)
{
    static const uint8_t head[] = {2,    1,    0,    0x30, 13, 6, 9, 0x2a, 0x86,
                                   0x48, 0x86, 0xf7, 0x0d, 1,  1, 1, 5,    0};
    ss_buf key = SS_BUF_INIT(MAX_KEY);
    ss_buf body = SS_BUF_INIT(MAX_KEY);

    make_rsa(&key, prng);
    (void)ss_buf_add(&body, head, sizeof(head));
    put_der(&body, 4, ss_buf_bytes(&key));
    put_der(out, 0x30, ss_buf_bytes(&body));
    ss_buf_release(&body);
    ss_buf_release(&key);
}

/* ---- OpenSSH, OpenPGP
 * ----------------------------------------------------------- */

static void put_field(ss_buf *out, ss_bytes s)
{
    const uint8_t len[] = {0, 0, (uint8_t)(s.len >> 8), (uint8_t)s.len};

    (void)ss_buf_add(out, len, sizeof(len));
    (void)ss_buf_add(out, s.data, s.len);
}

static void put_ssh_public(ss_buf *out, ss_bytes key)
{
    put_field(out, ss_bytes_str("ssh-ed25519"));
    put_field(out, key);
}

static void make_openssh(ss_buf *out, ss_prng *prng)
{
    static const char magic[] = "openssh-key-v1";
    static const uint8_t one[] = {0, 0, 0, 1};
    ss_buf key = SS_BUF_INIT(64), part = SS_BUF_INIT(MAX_KEY);
    uint64_t mark = next_number(prng);

    put_random(&key, prng, 64);
    (void)ss_buf_add(out, magic, sizeof(magic));
    put_field(out, ss_bytes_str("none"));
    put_field(out, ss_bytes_str("none"));
    put_field(out, ss_bytes_str(""));
    (void)ss_buf_add(out, one, sizeof(one));
    put_ssh_public(&part, ss_bytes_of(key.data, key.len / 2));
    put_field(out, ss_buf_bytes(&part));
    ss_buf_reset(&part);
    (void)ss_buf_add(&part, &mark, 4);
    (void)ss_buf_add(&part, &mark, 4);
    put_ssh_public(&part, ss_bytes_of(key.data, key.len / 2));
    put_field(&part, ss_buf_bytes(&key));
    put_field(&part, ss_bytes_str("ada@example.org"));
    for (char pad = 1; part.len % 8; pad++)
        (void)ss_buf_putc(&part, pad);
    put_field(out, ss_buf_bytes(&part));
    ss_buf_release(&part);
    ss_buf_release(&key);
}

/* A secret key packet of old form, its length in two bytes. */
static void make_pgp(ss_buf *out, ss_prng *prng)
{
    static const uint8_t head[] = {0x95, 3, 0x98, 4};

    (void)ss_buf_add(out, head, sizeof(head));
    put_random(out, prng, 0x397);
}

static void put_crc24(ss_buf *out, ss_bytes s)
{
    uint32_t crc = 0xb704ce;
    uint8_t bytes[3];

    for (size_t i = 0; i < s.len; i++) {
        crc ^= (uint32_t)s.data[i] << 16;
        for (int k = 0; k < 8; k++) {
            crc <<= 1;
            if (crc & 0x1000000)
                crc ^= 0x1864cfb;
        }
    }
    bytes[0] = (uint8_t)(crc >> 16);
    bytes[1] = (uint8_t)(crc >> 8);
    bytes[2] = (uint8_t)crc;
    (void)ss_buf_putc(out, '=');
    ss_form_base64(out, ss_bytes_of(bytes, 3), 0);
    (void)ss_buf_putc(out, '\n');
}

/* ---- blocks
 * ----------------------------------------------------------------------- */

typedef struct block {
    const char *kind;
    const char *name;
    const char *tail;
    void (*make)(ss_buf *out, ss_prng *prng);
} block;

static const block blocks[] = {
    {"rsa", "RSA ", "", make_rsa},
    {"ec", "EC ", "", make_ec},
    {"pkcs8", "", "", make_pkcs8},
    {"openssh", "OPENSSH ", "", make_openssh},
    {"pgp", "PGP ", " BLOCK", make_pgp},
};

static void put_border(ss_buf *out, const char *word, const block *b)
{
    (void)ss_buf_printf(out, "-----%s %sPRIVATE KEY%s-----", word, b->name,
                        b->tail);
}

static void put_block(ss_buf *out, ss_prng *prng, const block *b)
{
    ss_buf body = SS_BUF_INIT(MAX_KEY);

    b->make(&body, prng);
    put_border(out, "BEGIN", b);
    (void)ss_buf_puts(out, *b->tail ? "\n\n" : "\n");
    put_lines(out, ss_buf_bytes(&body));
    if (*b->tail)
        put_crc24(out, ss_buf_bytes(&body));
    put_border(out, "END", b);
    ss_buf_release(&body);
}

int ss_form_pem(ss_buf *out, ss_prng *prng, ss_bytes kind)
{
    for (size_t i = 0; i < sizeof(blocks) / sizeof(*blocks); i++) {
        if (!ss_bytes_equal(kind, ss_bytes_str(blocks[i].kind)))
            continue;
        put_block(out, prng, &blocks[i]);
        return 1;
    }
    return 0;
}

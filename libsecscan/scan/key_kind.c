/*
 * key_kind.c: type and size of a private key, from its first bytes: DER (SEC 1,
 * PKCS #1 and #8), OpenSSH, OpenPGP.
 */
#include "scan/key_kind.h"

#include <stdio.h>

/* A cursor: what is left, and whether something was missing. */
typedef struct reader {
    ss_bytes rest;
    int is_short;
} reader;

static ss_bytes take(reader *r, size_t len)
{
    ss_bytes taken;

    if (len > r->rest.len) {
        r->is_short = 1;
        len = r->rest.len;
    }
    taken = (ss_bytes){r->rest.data, len};
    r->rest = (ss_bytes){r->rest.data + len, r->rest.len - len};
    return taken;
}

static uint32_t take_number(reader *r, size_t n_bytes)
{
    ss_bytes b = take(r, n_bytes);
    uint32_t value = 0;

    for (size_t i = 0; i < b.len; i++)
        value = value << 8 | b.data[i];
    return r->is_short ? 0 : value;
}

/* ---- DER ---- */

/* The tag and the stated length of the next element; 0 at the end. */
static unsigned take_head(reader *r, size_t *len)
{
    unsigned tag = take_number(r, 1);
    uint32_t first = take_number(r, 1);

    *len = first;
    if (first > 0x80 && first <= 0x83)
        *len = take_number(r, first & 0x7f);
    return r->is_short ? 0 : tag;
}

/* Goes into the element that has to be next. */
static size_t enter(reader *r, unsigned tag)
{
    size_t len;

    if (take_head(r, &len) != tag)
        r->is_short = 1;
    return r->is_short ? 0 : len;
}

static void skip(reader *r, unsigned tag)
{
    (void)take(r, enter(r, tag));
}

enum { INTEGER = 0x02, OCTETS = 0x04, OID = 0x06, SEQUENCE = 0x30 };

typedef struct named_oid {
    const char *bytes;
    size_t len; /* there are zeros in some */
    const char *name;
} named_oid;

static const named_oid algorithms[] = {
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", 9, "RSA"},
    {"\x2a\x86\x48\xce\x3d\x02\x01", 7, "EC"},
    {"\x2a\x86\x48\xce\x38\x04\x01", 7, "DSA"},
    {"\x2b\x65\x70", 3, "Ed25519"},
    {"\x2b\x65\x71", 3, "Ed448"},
    {"\x2b\x65\x6e", 3, "X25519"},
};

static const named_oid curves[] = {
    {"\x2a\x86\x48\xce\x3d\x03\x01\x07", 8, "P-256"},
    {"\x2b\x81\x04\x00\x22", 5, "P-384"},
    {"\x2b\x81\x04\x00\x23", 5, "P-521"},
    {"\x2b\x81\x04\x00\x0a", 5, "secp256k1"},
};

static const char *name_of(ss_bytes oid, const named_oid *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (list[i].len == oid.len && !memcmp(list[i].bytes, oid.data, oid.len))
            return list[i].name;
    }
    return NULL;
}

#define NAME_OF(oid, list) name_of(oid, list, sizeof(list) / sizeof(*(list)))

static void say_rsa(char *out, size_t n_modulus)
{
    if (n_modulus >= 32 && n_modulus <= 4097)
        snprintf(out, SS_KEY_KIND_TEXT, "RSA private key, %zu bits",
                 n_modulus / 8 * 64);
}

/* version, modulus: its length says the size, a zero in front aside. */
static void read_rsa(char *out, reader *r)
{
    size_t len;

    skip(r, INTEGER);
    len = enter(r, INTEGER);
    if (!r->is_short)
        say_rsa(out, len);
}

static void say_ec(char *out, const char *curve)
{
    snprintf(out, SS_KEY_KIND_TEXT, "EC private key%s%s", curve ? ", " : "",
             curve ? curve : "");
}

/* SEC 1: version 1, the key, [0] and the curve. */
static void read_sec1(char *out, reader *r)
{
    const char *curve = NULL;
    size_t len;

    skip(r, OCTETS);
    if (take_head(r, &len) == 0xa0)
        curve = NAME_OF(take(r, enter(r, OID)), curves);
    say_ec(out, curve);
}

/* PKCS #8: { algorithm, parameters }, the key in octets. */
static void read_pkcs8(char *out, reader *r)
{
    reader inner = {take(r, enter(r, SEQUENCE)), 0};
    const char *name = NAME_OF(take(&inner, enter(&inner, OID)), algorithms);

    if (r->is_short || !name)
        return;
    if (!strcmp(name, "RSA")) {
        enter(r, OCTETS);
        enter(r, SEQUENCE);
        read_rsa(out, r);
    } else if (!strcmp(name, "EC")) {
        say_ec(out, NAME_OF(take(&inner, enter(&inner, OID)), curves));
    } else {
        snprintf(out, SS_KEY_KIND_TEXT, "%s private key", name);
    }
}

/* What comes behind the version tells the three apart. */
void ss_key_kind_der(char out[SS_KEY_KIND_TEXT], ss_bytes der)
{
    reader r = {der, 0}, rsa;

    *out = '\0';
    enter(&r, SEQUENCE);
    rsa = r;
    skip(&r, INTEGER);
    if (r.is_short || !r.rest.len)
        return;
    if (r.rest.data[0] == SEQUENCE)
        read_pkcs8(out, &r);
    else if (r.rest.data[0] == OCTETS)
        read_sec1(out, &r);
    else if (r.rest.data[0] == INTEGER)
        read_rsa(out, &rsa);
}

/* ---- OpenSSH ---- */

static ss_bytes take_string(reader *r)
{
    return take(r, take_number(r, 4));
}

static int is_name(ss_bytes s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (!ss_is_alnum(s.data[i]) && !memchr("-@.", s.data[i], 3))
            return 0;
    }
    return s.len > 0 && s.len < 24;
}

/* Cipher, key derivation and its options, the number of keys, the first public
 * one: its type, and the numbers of that type. */
void ss_key_kind_openssh(char out[SS_KEY_KIND_TEXT], ss_bytes body)
{
    reader r = {body, 0};
    ss_bytes type;

    *out = '\0';
    for (int i = 0; i < 3; i++)
        (void)take_string(&r);
    (void)take(&r, 8);
    type = take_string(&r);
    if (r.is_short || !is_name(type))
        return;
    if (ss_bytes_equal(type, ss_bytes_str("ssh-rsa"))) {
        (void)take_string(&r);
        say_rsa(out, take_number(&r, 4));
        return;
    }
    snprintf(out, SS_KEY_KIND_TEXT, "private key, %.*s", (int)type.len,
             (const char *)type.data);
}

/* ---- OpenPGP ---- */

/* The head of a packet of tag 5, a secret key, in the old or the new form. */
static int enter_packet(reader *r)
{
    unsigned head = take_number(r, 1);
    uint32_t first;

    if ((head & 0xfc) == 0x94) {
        (void)take(r, (size_t)1 << (head & 3));
        return (head & 3) < 3;
    }
    if (head != 0xc5)
        return 0;
    first = take_number(r, 1);
    if (first >= 192)
        (void)take(r, first == 255 ? 4 : 1);
    return 1;
}

/* The numbers of a public key; the bits of the first. */
static uint32_t skip_numbers(reader *r, size_t n)
{
    uint32_t first = 0;

    for (size_t i = 0; i < n; i++) {
        uint32_t n_bits = take_number(r, 2);

        (void)take(r, (n_bits + 7) / 8);
        first = i ? first : n_bits;
    }
    return first;
}

static void read_pgp_key(char *out, reader *r, unsigned algorithm)
{
    uint32_t n_bits;

    switch (algorithm) {
    case 1: /* RSA */
        n_bits = skip_numbers(r, 2);
        snprintf(out, SS_KEY_KIND_TEXT, "PGP private key, RSA, %u bits",
                 n_bits);
        return;
    case 17: /* DSA */
        n_bits = skip_numbers(r, 4);
        snprintf(out, SS_KEY_KIND_TEXT, "PGP private key, DSA, %u bits",
                 n_bits);
        return;
    case 19: /* ECDSA */
    case 22: /* EdDSA */
        (void)take(r, take_number(r, 1));
        (void)skip_numbers(r, 1);
        snprintf(out, SS_KEY_KIND_TEXT, "PGP private key, %s",
                 algorithm == 22 ? "EdDSA" : "ECDSA");
        return;
    default:
        r->is_short = 1;
    }
}

/* Version 4: a time, the algorithm, the public numbers, how it is locked. */
ss_key_lock ss_key_kind_pgp(char out[SS_KEY_KIND_TEXT], ss_bytes packet)
{
    reader r = {packet, 0};
    uint32_t usage;

    *out = '\0';
    if (!enter_packet(&r) || take_number(&r, 1) != 4)
        return SS_LOCK_UNKNOWN;
    (void)take(&r, 4);
    read_pgp_key(out, &r, take_number(&r, 1));
    usage = take_number(&r, 1);
    if (r.is_short) {
        *out = '\0';
        return SS_LOCK_UNKNOWN;
    }
    return usage ? SS_LOCK_SET : SS_LOCK_OPEN;
}

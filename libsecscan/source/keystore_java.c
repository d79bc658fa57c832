/*
 * keystore_java.c: Java's own stores: JKS and JCEKS.
 *
 * Their entries stand in the open, but for the keys. Behind them is a SHA-1
 * digest over the password, twelve words of Mark Twain's, and them, by which a
 * password is known to be the right one.
 */
#include "source/keystore.h"

#include <openssl/evp.h>

#define DIGEST 20u
#define MAX_ENTRIES 100000u

typedef enum tag { PRIVATE_KEY = 1, CERTIFICATE = 2, SECRET_KEY = 3 } tag;

typedef struct cursor {
    ss_bytes in;
    uint32_t version;
    int failed;
} cursor;

static ss_bytes take(cursor *c, size_t len)
{
    ss_bytes taken = {c->in.data, len};

    if (c->failed || len > c->in.len) {
        c->failed = 1;
        return ss_bytes_of(NULL, 0);
    }
    c->in = ss_bytes_of(c->in.data + len, c->in.len - len);
    return taken;
}

/* Big-endian; 0 when it cannot be had. */
static uint32_t take_number(cursor *c, size_t len)
{
    ss_bytes bytes = take(c, len);
    uint32_t n = 0;

    for (size_t i = 0; i < bytes.len; i++)
        n = n << 8 | bytes.data[i];
    return n;
}

static ss_bytes take_text(cursor *c)
{
    return take(c, take_number(c, 2));
}

static void take_certificate(cursor *c)
{
    if (c->version == 2)
        take_text(c); /* "X.509" */
    take(c, take_number(c, 4));
}

static void take_chain(cursor *c)
{
    uint32_t n = take_number(c, 4);

    for (uint32_t i = 0; i < n && !c->failed; i++)
        take_certificate(c);
}

/* 0: what follows cannot be told from this entry. A secret key is a serialized
 * object, whose length nobody says. */
static int take_entry(ss_keystore *k, cursor *c)
{
    uint32_t kind = take_number(c, 4);
    ss_bytes alias = take_text(c);

    take(c, 8); /* when it was made */
    if (c->failed)
        return 0;
    if (kind == PRIVATE_KEY || kind == SECRET_KEY)
        ss_keystore_add_key(k, alias);
    if (kind == PRIVATE_KEY) {
        take(c, take_number(c, 4));
        take_chain(c);
    } else if (kind == CERTIFICATE) {
        take_certificate(c);
    } else {
        c->failed = kind != SECRET_KEY;
        return 0;
    }
    return !c->failed;
}

/* The password goes in as UTF-16. */
static int digest_of(uint8_t *out, const char *password, ss_bytes entries)
{
    static const char words[] = "Mighty Aphrodite";
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    int ok = md && EVP_DigestInit_ex(md, EVP_sha1(), NULL);

    for (; ok && *password; password++) {
        const char unit[2] = {0, *password};

        ok = EVP_DigestUpdate(md, unit, 2);
    }
    ok = ok && EVP_DigestUpdate(md, words, sizeof(words) - 1) &&
         EVP_DigestUpdate(md, entries.data, entries.len) &&
         EVP_DigestFinal_ex(md, out, NULL);
    EVP_MD_CTX_free(md);
    return ok;
}

/* The digest stands behind `entries`. */
static void try_passwords(ss_keystore *k, ss_bytes entries)
{
    size_t n;
    const ss_keystore_password *passwords = ss_keystore_passwords(&n);

    for (size_t i = 0; i < n && !ss_keystore_stops(k); i++) {
        const char *text = passwords[i].text ? passwords[i].text : "";
        uint8_t digest[DIGEST];

        if (digest_of(digest, text, entries) &&
            memcmp(digest, entries.data + entries.len, DIGEST) == 0) {
            k->opens = &passwords[i];
            return;
        }
    }
}

void ss_keystore_java(ss_keystore *k, ss_bytes bytes)
{
    cursor c = {.in = bytes};
    uint32_t n;

    take(&c, 4);
    c.version = take_number(&c, 4);
    n = take_number(&c, 4);
    if (c.version < 1 || c.version > 2 || n > MAX_ENTRIES)
        c.failed = 1;
    while (n && !c.failed && take_entry(k, &c))
        n--;
    if (c.failed || c.in.len < DIGEST)
        k->fault = (ss_container_fault){"corrupt", "it ends too early"};
    else if (k->n_keys) /* after a secret key it is what the file ends with */
        try_passwords(
            k, ss_bytes_of(bytes.data, bytes.len - (n ? DIGEST : c.in.len)));
}

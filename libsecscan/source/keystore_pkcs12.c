/*
 * keystore_pkcs12.c: PKCS#12, by OpenSSL.
 *
 * Keys stand in bags of an unencrypted part, each encrypted by itself; in what
 * nearly all programs write only certificates are in encrypted parts. Whether a
 * password is right is known by a MAC over all. How often its hash is repeated
 * stands in the file: as often as it says, but not a million times.
 */
#include "source/keystore.h"

#include <openssl/err.h>
#include <openssl/pkcs12.h>

#define MAX_ITERATIONS 1000000
#define MAX_NESTING 8

static void fail(ss_keystore *k, const char *reason, const char *detail)
{
    if (!k->fault.reason)
        k->fault = (ss_container_fault){reason, detail};
}

static int is_bounded(const ASN1_INTEGER *iterations)
{
    int64_t n = 1;

    return !iterations ||
           (ASN1_INTEGER_get_int64(&n, iterations) && n <= MAX_ITERATIONS);
}

/* Of PBKDF2, as PBES2 has it. */
static int is_pbes2_bounded(const ASN1_TYPE *parameter)
{
    PBE2PARAM *pbe =
        ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), parameter);
    PBKDF2PARAM *kdf = NULL;
    int bounded;

    if (pbe && OBJ_obj2nid(pbe->keyfunc->algorithm) == NID_id_pbkdf2)
        kdf = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM),
                                        pbe->keyfunc->parameter);
    bounded = kdf && is_bounded(kdf->iter);
    PBKDF2PARAM_free(kdf);
    PBE2PARAM_free(pbe);
    return bounded;
}

/* Nothing that is not known to end soon is begun: no scrypt. */
static int is_cheap(const X509_ALGOR *algorithm)
{
    PBEPARAM *pbe;
    int bounded;

    if (OBJ_obj2nid(algorithm->algorithm) == NID_pbes2)
        return is_pbes2_bounded(algorithm->parameter);
    pbe = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBEPARAM),
                                    algorithm->parameter);
    bounded = pbe && is_bounded(pbe->iter);
    PBEPARAM_free(pbe);
    return bounded;
}

static int opens(PKCS12 *p12, const char *password)
{
    if (password)
        return PKCS12_verify_mac(p12, password, -1);
    return PKCS12_verify_mac(p12, NULL, 0) || PKCS12_verify_mac(p12, "", 0);
}

static void try_passwords(ss_keystore *k, PKCS12 *p12)
{
    const X509_ALGOR *algorithm = NULL;
    const ASN1_OBJECT *hash = NULL;
    const ASN1_INTEGER *iterations = NULL;
    size_t n;
    const ss_keystore_password *passwords = ss_keystore_passwords(&n);

    if (!PKCS12_mac_present(p12))
        return;
    PKCS12_get0_mac(NULL, &algorithm, NULL, &iterations, p12);
    X509_ALGOR_get0(&hash, NULL, NULL, algorithm);
    if (!is_bounded(iterations) || !EVP_get_digestbyobj(hash)) {
        fail(k, "unsupported", "its password takes too long to check");
        return;
    }
    for (size_t i = 0; i < n && !ss_keystore_stops(k); i++) {
        if (!opens(p12, passwords[i].text))
            continue;
        k->opens = &passwords[i];
        return;
    }
}

static void add_key(ss_keystore *k, PKCS12_SAFEBAG *bag)
{
    char *alias = PKCS12_get_friendlyname(bag);

    ss_keystore_add_key(k, ss_bytes_str(alias ? alias : ""));
    OPENSSL_free(alias);
}

static void take_bags(ss_keystore *k, const STACK_OF(PKCS12_SAFEBAG) * bags,
                      int depth)
{
    static const ss_keystore_password open = {
        NULL, "has a private key that is not encrypted"};

    for (int i = 0; depth < MAX_NESTING && i < sk_PKCS12_SAFEBAG_num(bags);
         i++) {
        PKCS12_SAFEBAG *bag = sk_PKCS12_SAFEBAG_value(bags, i);
        int kind = PKCS12_SAFEBAG_get_nid(bag);

        if (kind == NID_keyBag || kind == NID_pkcs8ShroudedKeyBag ||
            kind == NID_secretBag)
            add_key(k, bag);
        if (kind == NID_keyBag)
            k->opens = &open;
        if (kind == NID_safeContentsBag)
            take_bags(k, PKCS12_SAFEBAG_get0_safes(bag), depth + 1);
    }
}

static STACK_OF(PKCS12_SAFEBAG) * decrypt(ss_keystore *k, PKCS7 *part)
{
    const char *password = k->opens ? k->opens->text : NULL;
    PKCS7_ENCRYPT *sealed = part->d.encrypted;

    if (!k->opens || !sealed || !sealed->enc_data ||
        !is_cheap(sealed->enc_data->algorithm))
        return NULL;
    return PKCS12_unpack_p7encdata(part, password, password ? -1 : 0);
}

/* 0: what is in it is not known. */
static int take_part(ss_keystore *k, PKCS7 *part)
{
    STACK_OF(PKCS12_SAFEBAG) *bags = NULL;

    if (PKCS7_type_is_data(part))
        bags = PKCS12_unpack_p7data(part);
    else if (PKCS7_type_is_encrypted(part))
        bags = decrypt(k, part);
    if (!bags)
        return 0;
    take_bags(k, bags, 0);
    sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
    return 1;
}

static void take_parts(ss_keystore *k, PKCS12 *p12)
{
    STACK_OF(PKCS7) *parts = PKCS12_unpack_authsafes(p12);
    int n_unknown = 0;

    if (!parts)
        fail(k, "corrupt", "its parts cannot be read");
    for (int i = 0; i < sk_PKCS7_num(parts); i++)
        n_unknown += !take_part(k, sk_PKCS7_value(parts, i));
    sk_PKCS7_pop_free(parts, PKCS7_free);
    /* With a key in the open part the rest are certificates. */
    if (n_unknown && !k->n_keys)
        fail(k, "encrypted", "a part of it asks for a password");
}

void ss_keystore_pkcs12(ss_keystore *k, ss_bytes bytes)
{
    const unsigned char *at = bytes.data;
    PKCS12 *p12;

    ERR_set_mark();
    p12 = d2i_PKCS12(NULL, &at, (long)bytes.len);
    if (!p12) {
        fail(k, "corrupt", "it is not as PKCS#12 has it");
    } else {
        try_passwords(k, p12);
        take_parts(k, p12);
    }
    PKCS12_free(p12);
    ERR_pop_to_mark();
}

#include "unit.h"

#include "reader_case.h"

#include <openssl/evp.h>
#include <openssl/pkcs12.h>

#include <stdio.h>

static void put_number(ss_buf *out, uint32_t n, unsigned len)
{
    while (len--)
        ss_buf_putc(out, (char)(n >> 8 * len));
}

static void put_text(ss_buf *out, const char *text)
{
    put_number(out, (uint32_t)strlen(text), 2);
    ss_buf_puts(out, text);
}

static void begin_store(ss_buf *out, uint32_t magic, uint32_t n)
{
    put_number(out, magic, 4);
    put_number(out, 2, 4);
    put_number(out, n, 4);
}

static void begin_entry(ss_buf *out, uint32_t tag, const char *alias)
{
    put_number(out, tag, 4);
    put_text(out, alias);
    put_number(out, 0, 4);
    put_number(out, 0, 4);
}

static void put_certificate(ss_buf *out)
{
    put_text(out, "X.509");
    put_number(out, 3, 4);
    ss_buf_puts(out, "crt");
}

static void put_key(ss_buf *out, const char *alias)
{
    begin_entry(out, 1, alias);
    put_number(out, 6, 4);
    ss_buf_puts(out, "sealed");
    put_number(out, 1, 4);
    put_certificate(out);
}

static void end_store(ss_buf *out, const char *password)
{
    ss_buf text = SS_BUF_INIT(100000);
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;

    for (; *password; password++) {
        ss_buf_putc(&text, 0);
        ss_buf_putc(&text, *password);
    }
    ss_buf_puts(&text, "Mighty Aphrodite");
    ss_buf_add(&text, out->data, out->len);
    CHECK(EVP_Digest(text.data, text.len, digest, &len, EVP_sha1(), NULL));
    ss_buf_add(out, digest, len);
    ss_buf_release(&text);
}

static ss_buf java_store(const char *alias, const char *password)
{
    ss_buf store = SS_BUF_INIT(100000);

    begin_store(&store, 0xfeedfeed, 2);
    begin_entry(&store, 2, "authority");
    put_certificate(&store);
    put_key(&store, alias);
    end_store(&store, password);
    return store;
}

static reading read_store(ss_buf *store)
{
    ss_bytes bytes = ss_buf_bytes(store);
    reading r = read_whole(SS_OPENS_KEYSTORE, bytes);

    CHECK(reads_alike(SS_OPENS_KEYSTORE, bytes));
    ss_buf_release(store);
    return r;
}

/* Its rule is "" when there is nothing to find. */
static void check_store(ss_buf store, const char *rule, const char *reason)
{
    reading r = read_store(&store);

    CHECK_INT(r.status, 0);
    CHECK_STR((const char *)r.text.data, *rule ? "<>\n" : "");
    CHECK_STR(r.rule, rule);
    CHECK_STR(r.reason, reason);
    release(&r);
}

#define OPEN "keystore-default-password"

static void test_keystore__java_with_a_default_password(void **state)
{
    (void)state;
    check_store(java_store("server", "changeit"), OPEN,
                "opens with the password \"changeit\", holds 1 key: server");
}

static void test_keystore__java_with_a_password_of_its_own(void **state)
{
    (void)state;
    check_store(java_store("server", "wer53 vbn"), "keystore",
                "holds 1 key: server");
}

static void test_keystore__names_are_harmless_to_see(void **state)
{
    (void)state;
    check_store(java_store("a\x1b[31m\xff", "wer53 vbn"), "keystore",
                "holds 1 key: a?[31m?");
}

static void test_keystore__java_for_debugging_is_nothing(void **state)
{
    (void)state;
    check_store(java_store("AndroidDebugKey", "android"), "", "");
}

static void test_keystore__java_with_certificates_only_is_nothing(void **state)
{
    ss_buf store = SS_BUF_INIT(100000);

    (void)state;
    begin_store(&store, 0xfeedfeed, 1);
    begin_entry(&store, 2, "authority");
    put_certificate(&store);
    end_store(&store, "changeit");
    check_store(store, "", "");
}

static void test_keystore__java_with_a_secret_key(void **state)
{
    ss_buf store = SS_BUF_INIT(100000);

    (void)state;
    begin_store(&store, 0xcececece, 2);
    begin_entry(&store, 3, "shared");
    ss_buf_puts(&store, "an object of any length");
    put_key(&store, "not seen");
    end_store(&store, "secret");
    check_store(store, OPEN,
                "opens with the password \"secret\", holds 1 key: shared");
}

static void test_keystore__java_that_is_cut_still_holds_keys(void **state)
{
    ss_buf store = java_store("server", "changeit");
    reading r;

    (void)state;
    store.len -= 21;
    r = read_store(&store);
    CHECK_INT(r.status, SECSCAN_ERR_CORRUPT);
    CHECK_STR(r.fault.reason, "corrupt");
    CHECK_STR(r.rule, "keystore");
    release(&r);
}

/* Made with OpenSSL, as its command does it; without a key when `alias` is
 * NULL. */
static ss_buf pkcs12_store(const char *alias, const char *password,
                           int iterations)
{
    ss_buf store = SS_BUF_INIT(100000);
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    STACK_OF(X509) *authorities = sk_X509_new_null();
    unsigned char *der = NULL;
    PKCS12 *p12;
    int len;

    X509_set_pubkey(certificate, key);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 1000);
    CHECK(X509_sign(certificate, key, EVP_sha256()) > 0);
    sk_X509_push(authorities, certificate);
    p12 = PKCS12_create(password, alias, alias ? key : NULL,
                        alias ? certificate : NULL, authorities, 0, 0,
                        iterations, iterations, 0);
    CHECK(p12 != NULL);
    len = i2d_PKCS12(p12, &der);
    ss_buf_add(&store, der, (size_t)len);
    OPENSSL_free(der);
    PKCS12_free(p12);
    sk_X509_free(authorities);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return store;
}

static void test_keystore__pkcs12_with_a_default_password(void **state)
{
    (void)state;
    check_store(pkcs12_store("client", "password", 2048), OPEN,
                "opens with the password \"password\", holds 1 key: client");
}

static void test_keystore__pkcs12_with_an_empty_password(void **state)
{
    (void)state;
    check_store(pkcs12_store("client", "", 2048), OPEN,
                "opens without a password, holds 1 key: client");
}

static void test_keystore__pkcs12_with_a_password_of_its_own(void **state)
{
    (void)state;
    check_store(pkcs12_store("client", "wer53 vbn", 2048), "keystore",
                "holds 1 key: client");
}

static void
test_keystore__pkcs12_with_certificates_only_is_nothing(void **state)
{
    (void)state;
    check_store(pkcs12_store(NULL, "changeit", 2048), "", "");
}

static void test_keystore__pkcs12_that_cannot_be_opened_is_said(void **state)
{
    ss_buf store = pkcs12_store(NULL, "wer53 vbn", 2048);
    reading r = read_store(&store);

    (void)state;
    CHECK_INT(r.status, SECSCAN_ERR_CORRUPT);
    CHECK_STR(r.fault.reason, "encrypted");
    CHECK_INT(r.n_members, 0);
    release(&r);
}

/* The MAC's repetitions are the last number of the file: 0x0f4241 is one more
 * than a million. */
static void test_keystore__pkcs12_that_takes_too_long_is_not_tried(void **state)
{
    ss_buf store = pkcs12_store("client", "password", 1000);
    reading r;

    (void)state;
    CHECK(memcmp(store.data + store.len - 4, "\x02\x02\x03\xe8", 4) == 0);
    /* One byte longer: so is everything that it stands in. */
    store.len -= 4;
    ss_buf_add(&store, "\x02\x03\x0f\x42\x41", 5);
    for (size_t i = store.len - 100; i < store.len - 40; i++)
        if (!memcmp(store.data + i, "\x30\x31\x30\x0d", 4))
            store.data[i - 1]++;
    store.data[3]++;
    r = read_store(&store);
    CHECK_INT(r.status, SECSCAN_ERR_CORRUPT);
    CHECK_STR(r.fault.reason, "unsupported");
    CHECK_STR(r.rule, "keystore");
    release(&r);
}

static int at_once(void *ctx)
{
    (void)ctx;
    return 1;
}

static void test_keystore__stops_when_asked(void **state)
{
    ss_buf store = java_store("server", "wer53 vbn");
    reading r = read_with(SS_OPENS_KEYSTORE, ss_buf_bytes(&store), 0, at_once);

    (void)state;
    CHECK_STR(r.fault.reason, "time-limit");
    release(&r);
    ss_buf_release(&store);
}

static void test_keystore__damage_of_any_kind_ends_in_order(void **state)
{
    ss_buf java = java_store("server", "changeit");
    ss_buf pkcs12 = pkcs12_store("client", "changeme", 1);

    (void)state;
    read_damaged(SS_OPENS_KEYSTORE, ss_buf_bytes(&java), 1);
    read_damaged(SS_OPENS_KEYSTORE, ss_buf_bytes(&pkcs12), 3);
    ss_buf_release(&java);
    ss_buf_release(&pkcs12);
}

static void test_keystore__memory_may_end_anywhere(void **state)
{
    ss_buf java = java_store("server", "changeit");

    (void)state;
    read_without_memory(SS_OPENS_KEYSTORE, ss_buf_bytes(&java));
    ss_buf_release(&java);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_keystore__java_with_a_default_password),
        TEST(test_keystore__java_with_a_password_of_its_own),
        TEST(test_keystore__names_are_harmless_to_see),
        TEST(test_keystore__java_for_debugging_is_nothing),
        TEST(test_keystore__java_with_certificates_only_is_nothing),
        TEST(test_keystore__java_with_a_secret_key),
        TEST(test_keystore__java_that_is_cut_still_holds_keys),
        TEST(test_keystore__pkcs12_with_a_default_password),
        TEST(test_keystore__pkcs12_with_an_empty_password),
        TEST(test_keystore__pkcs12_with_a_password_of_its_own),
        TEST(test_keystore__pkcs12_with_certificates_only_is_nothing),
        TEST(test_keystore__pkcs12_that_cannot_be_opened_is_said),
        TEST(test_keystore__pkcs12_that_takes_too_long_is_not_tried),
        TEST(test_keystore__stops_when_asked),
        TEST(test_keystore__damage_of_any_kind_ends_in_order),
        TEST(test_keystore__memory_may_end_anywhere),
    };
    return RUN(tests);
}

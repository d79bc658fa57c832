#include "check_case.h"

/* "BEGIN" and its dashes are joined here, so that no block stands in the
 * tree. */
static void add_text(sample *s, const char *text)
{
    memcpy(s->bytes + s->len, text, strlen(text));
    s->len += strlen(text);
}

static ss_check_result check_block(const char *label, const char *body)
{
    sample s = {.len = 0};

    add_text(&s, "-----BEG");
    add_text(&s, "IN ");
    add_text(&s, label);
    add_text(&s, "-----\n");
    add_text(&s, body);
    add_text(&s, "\n-----END ");
    add_text(&s, label);
    add_text(&s, "-----\n");
    return run_check("private-key", &s);
}

/* 48 bytes that start as DER of that length does. */
#define DER_BODY "MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZ"

static void test_check_key__der_that_is_whole_passes(void **state)
{
    ss_check_result r = check_block("PRIVATE KEY", DER_BODY "GhscHR4f");

    (void)state;
    CHECK_INT(r.is, SS_CHECK_PASS);
    CHECK_STR(r.reason, "Ed25519 private key, not encrypted");
}

/* 44 bytes of octets: nothing in them names a kind. */
#define OTHER_BODY "MC4EAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZ"

static void test_check_key__else_its_kind_is_in_the_label(void **state)
{
    (void)state;
    CHECK_STR(check_block("RSA PRIVATE KEY", OTHER_BODY "GhscHR4f").reason,
              "RSA private key, not encrypted");
    CHECK_STR(check_block("EC PRIVATE KEY", OTHER_BODY "GhscHR4f").reason,
              "EC private key, not encrypted");
}

static void test_check_key__der_cut_short_is_unsure(void **state)
{
    (void)state;
    CHECK_INT(
        check_block("RSA PRIVATE KEY", "MIIEpAIBAAKCAQEA" DER_BODY DER_BODY).is,
        SS_CHECK_UNSURE);
}

static void test_check_key__written_out_line_ends_are_skipped(void **state)
{
    (void)state;
    CHECK_INT(check_block("PRIVATE KEY", "\\n" DER_BODY "\\nGhscHR4f\\n").is,
              SS_CHECK_PASS);
}

static void test_check_key__block_without_a_body_is_none(void **state)
{
    (void)state;
    CHECK_INT(check_block("RSA PRIVATE KEY", "").is, SS_CHECK_NEVER);
    CHECK_INT(check_block("RSA PRIVATE KEY", "MIIE...").is, SS_CHECK_NEVER);
}

static void test_check_key__encrypted_is_weak(void **state)
{
    (void)state;
    CHECK_INT(check_block("ENCRYPTED PRIVATE KEY", DER_BODY).is, SS_CHECK_WEAK);
    CHECK_INT(check_block("RSA PRIVATE KEY",
                          "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,"
                          "00112233445566778899AABBCCDDEEFF\n\n" DER_BODY)
                  .is,
              SS_CHECK_WEAK);
}

/* "openssh-key-v1", NUL, the length and name of the cipher. */
static void test_check_key__openssh_names_its_cipher(void **state)
{
    (void)state;
    CHECK_INT(check_block("OPENSSH PRIVATE KEY",
                          "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAA"
                          "AAABAAAAMwAAAAtzc2g")
                  .is,
              SS_CHECK_PASS);
    CHECK_INT(check_block("OPENSSH PRIVATE KEY",
                          "b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNy"
                          "eXB0AAAAGAAAABAAAAA")
                  .is,
              SS_CHECK_WEAK);
}

static void test_check_key__pgp_starts_with_a_secret_key(void **state)
{
    (void)state;
    CHECK_INT(check_block("PGP PRIVATE KEY BLOCK",
                          "Comment: none\n\nlQOYBGAAAAABCAC7abcdefghijklmnop"
                          "qrstuvwxyzABCDEFGHIJ")
                  .is,
              SS_CHECK_PASS);
    CHECK_INT(check_block("PGP PRIVATE KEY BLOCK",
                          "mQENBGAAAAABCAC7abcdefghijklmnopqrstuvwxyzABCDEF"
                          "GHIJ")
                  .is,
              SS_CHECK_UNSURE);
}

/* A key of 16 bits, unlocked, and its CRC-24. */
#define PGP_BODY                                                               \
    "lQEABGAAAAABABCAAQACAwAAAQIDBAUGBwgJCg"                                   \
    "\n"                                                                       \
    "sMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYn"

static void test_check_key__pgp_has_a_checksum(void **state)
{
    ss_check_result r = check_block("PGP PRIVATE KEY BLOCK",
                                    "Version: 1\n\n" PGP_BODY "\n=2qbu");

    (void)state;
    CHECK_INT(r.is, SS_CHECK_PASS);
    CHECK_INT(r.evidence, SECSCAN_CHECKSUM);
    CHECK_STR(r.reason, "PGP private key, RSA, 16 bits, not encrypted");
    CHECK_INT(check_block("PGP PRIVATE KEY BLOCK", PGP_BODY "\n=2qbv").is,
              SS_CHECK_UNSURE);
    CHECK_INT(check_block("PGP PRIVATE KEY BLOCK", PGP_BODY).evidence,
              SECSCAN_STRUCTURE);
    CHECK_INT(check_block("PGP PRIVATE KEY BLOCK", "\\n" PGP_BODY "\\n=2qbu\\n")
                  .evidence,
              SECSCAN_CHECKSUM);
}

static void test_check_key__putty_says_whether_it_is_encrypted(void **state)
{
    (void)state;
    CHECK_INT(verdict_of("private-key",
                         "PuTTY|-User-Key-File-2: ssh-rsa\nEncryption: none\n"
                         "Private-Lines: 1\nabc\n"),
              SS_CHECK_PASS);
    CHECK_INT(verdict_of("private-key",
                         "PuTTY|-User-Key-File-2: ssh-rsa\n"
                         "Encryption: aes256-cbc\nPrivate-Lines: 1\nabc\n"),
              SS_CHECK_WEAK);
    CHECK_INT(verdict_of("private-key", "PuTTY|-User-Key-File-2: ssh-rsa\n"),
              SS_CHECK_UNSURE);
}

static void test_check_key__text_that_is_no_block_is_unsure(void **state)
{
    (void)state;
    CHECK_INT(verdict_of("private-key", "-----BEG|IN "), SS_CHECK_UNSURE);
    CHECK_INT(verdict_of("private-key", "some text"), SS_CHECK_UNSURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_check_key__der_that_is_whole_passes),
        TEST(test_check_key__else_its_kind_is_in_the_label),
        TEST(test_check_key__der_cut_short_is_unsure),
        TEST(test_check_key__written_out_line_ends_are_skipped),
        TEST(test_check_key__block_without_a_body_is_none),
        TEST(test_check_key__encrypted_is_weak),
        TEST(test_check_key__openssh_names_its_cipher),
        TEST(test_check_key__pgp_starts_with_a_secret_key),
        TEST(test_check_key__pgp_has_a_checksum),
        TEST(test_check_key__putty_says_whether_it_is_encrypted),
        TEST(test_check_key__text_that_is_no_block_is_unsure),
    };

    return RUN(tests);
}

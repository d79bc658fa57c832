#include "unit.h"

#include "policy/gate.h"

static const ss_rule token = {.category = "token"};
static const ss_rule hygiene = {.category = "hygiene"};
static const ss_rule preview = {.category = "token", .is_preview = 1};
static const ss_rule connection = {.category = "connection"};
static const ss_rule generic = {.category = "generic"};
static const ss_gate report = {.profile = SECSCAN_PROFILE_REPORT};
static const ss_gate block = {.profile = SECSCAN_PROFILE_BLOCK};

static const ss_gate strict = {.profile = SECSCAN_PROFILE_STRICT};

static const ss_gate_match sure = {.rule = &token,
                                   .path = "src/app.py",
                                   .severity = SECSCAN_HIGH,
                                   .evidence = SECSCAN_PATTERN,
                                   .confidence = 90};

static void test_gate__hygiene_and_preview_only_report(void **state)
{
    const ss_gate *const gates[] = {&report, &block};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        ss_gate_match m = sure;

        CHECK(ss_gate_finding(gates[i], &m));
        m.rule = &hygiene;
        CHECK(!ss_gate_finding(gates[i], &m));
        m.rule = &preview;
        CHECK(!ss_gate_finding(gates[i], &m));
        m.rule = &token;
        m.is_hygiene = 1;
        CHECK(!ss_gate_finding(gates[i], &m));
    }
}

static void test_gate__strict_lets_hygiene_gate(void **state)
{
    ss_gate_match m = sure;

    (void)state;
    CHECK(ss_gate_finding(&strict, &m));
    m.rule = &hygiene;
    m.severity = SECSCAN_LOW;
    CHECK(ss_gate_finding(&strict, &m));
    m.severity = SECSCAN_INFO;
    CHECK(!ss_gate_finding(&strict, &m));
    m.rule = &preview;
    m.severity = SECSCAN_HIGH;
    CHECK(!ss_gate_finding(&strict, &m));
}

static void test_gate__strict_asks_for_long_passwords(void **state)
{
    secscan_scan_options options = {.size = sizeof(options)};
    ss_gate gate;

    (void)state;
    CHECK_OK(ss_gate_init(&gate, &options, NULL));
    CHECK_INT(gate.min_password_len, 0);
    options.profile = SECSCAN_PROFILE_STRICT;
    CHECK_OK(ss_gate_init(&gate, &options, NULL));
    CHECK_INT(gate.min_password_len, 20);
    options.min_password_length = 12;
    CHECK_OK(ss_gate_init(&gate, &options, NULL));
    CHECK_INT(gate.min_password_len, 12);
}

static void check_only_reported(ss_gate_match m)
{
    CHECK(ss_gate_finding(&report, &m));
    CHECK(!ss_gate_finding(&block, &m));
}

static void test_gate__block_asks_for_severity_and_confidence(void **state)
{
    ss_gate_match m = sure;

    (void)state;
    m.severity = SECSCAN_LOW;
    check_only_reported(m);
    m.severity = SECSCAN_MEDIUM;
    CHECK(ss_gate_finding(&block, &m));
    m.confidence = 74;
    check_only_reported(m);
    m.confidence = 75;
    CHECK(ss_gate_finding(&block, &m));
}

static void test_gate__block_asks_more_of_what_is_generic(void **state)
{
    ss_gate_match m = sure;

    (void)state;
    m.rule = &generic;
    m.evidence = SECSCAN_CONTEXT;
    m.confidence = 89;
    check_only_reported(m);
    m.confidence = 90;
    CHECK(ss_gate_finding(&block, &m));
}

static void test_gate__block_passes_context_in_examples_over(void **state)
{
    static const char *const examples[] = {
        "tests/conf.py",      "a/test_app.py",        "a/app_test.go",
        "src/app.spec.ts",    "a/AppTest.java",       "docs/setup.txt",
        "README.md",          ".env.example",         "Fixtures/a.yml",
        "locales/de.yml",     "translations/da.json", "src/i18n/a.ts",
        "src/testData/a.json"};
    static const char *const real[] = {"src/app.py", "contest/latest.py",
                                       "src/language.py", "manifest.yml",
                                       "attestation/a.go"};
    ss_gate_match m = sure;

    (void)state;
    m.evidence = SECSCAN_CONTEXT;
    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
        m.path = examples[i];
        check_only_reported(m);
    }
    for (size_t i = 0; i < sizeof(real) / sizeof(*real); i++) {
        m.path = real[i];
        CHECK(ss_gate_finding(&block, &m));
    }
    m.path = NULL;
    CHECK(ss_gate_finding(&block, &m));
    m.path = "tests/conf.py";
    m.evidence = SECSCAN_PATTERN;
    CHECK(ss_gate_finding(&block, &m));
    m.rule = &connection;
    check_only_reported(m);
    m.path = "src/app.py";
    CHECK(ss_gate_finding(&block, &m));
}

static ss_gate gate_of(secscan_scan_options options)
{
    ss_gate gate = {0};

    CHECK_OK(ss_gate_init(&gate, &options, NULL));
    return gate;
}

static void test_gate__lists_what_reaches_every_minimum(void **state)
{
    const ss_gate all = gate_of((secscan_scan_options){.size = 0});
    const ss_gate some =
        gate_of((secscan_scan_options){.min_severity = SECSCAN_MEDIUM,
                                       .min_evidence = SECSCAN_PATTERN,
                                       .min_confidence = 60});
    secscan_finding f = {.category = "key",
                         .severity = SECSCAN_MEDIUM,
                         .evidence = SECSCAN_PATTERN,
                         .confidence = 60};

    (void)state;
    CHECK(ss_gate_lists(&some, &f));
    f.severity = SECSCAN_LOW;
    CHECK(!ss_gate_lists(&some, &f));
    f.severity = SECSCAN_MEDIUM;
    f.evidence = SECSCAN_CONTEXT;
    CHECK(!ss_gate_lists(&some, &f));
    f.evidence = SECSCAN_PATTERN;
    f.confidence = 59;
    CHECK(!ss_gate_lists(&some, &f));
    CHECK(ss_gate_lists(&all, &f));
}

static void test_gate__categories_are_taken_in_or_left_out(void **state)
{
    static const char *const words[] = {"key", "hygiene"};
    const ss_gate only =
        gate_of((secscan_scan_options){.categories = words, .n_categories = 2});
    const ss_gate not = gate_of(
        (secscan_scan_options){.not_categories = words, .n_not_categories = 2});
    const ss_gate both = gate_of((secscan_scan_options){.categories = words,
                                                        .n_categories = 2,
                                                        .not_categories = words,
                                                        .n_not_categories = 1});
    const secscan_finding key = {.category = "key"};
    const secscan_finding weak = {.category = "hygiene"};
    const secscan_finding word = {.category = "password"};

    (void)state;
    CHECK(ss_gate_lists(&only, &key) && ss_gate_lists(&only, &weak));
    CHECK(!ss_gate_lists(&only, &word));
    CHECK(!ss_gate_lists(&not, &key) && !ss_gate_lists(&not, &weak));
    CHECK(ss_gate_lists(&not, &word));
    CHECK(!ss_gate_lists(&both, &key) && ss_gate_lists(&both, &weak));
}

static void check_refused(secscan_scan_options options)
{
    ss_gate gate = {0};

    CHECK_INT(ss_gate_init(&gate, &options, NULL), SECSCAN_ERR_ARG);
}

static void test_gate__options_beyond_what_there_is_are_refused(void **state)
{
    static const char *const unknown[] = {"tokens"};
    static const char *const null[] = {NULL};

    (void)state;
    check_refused((secscan_scan_options){.min_severity = 5});
    check_refused((secscan_scan_options){.min_evidence = 4});
    check_refused((secscan_scan_options){.min_confidence = 101});
    check_refused((secscan_scan_options){.profile = 3});
    check_refused(
        (secscan_scan_options){.categories = unknown, .n_categories = 1});
    check_refused(
        (secscan_scan_options){.not_categories = null, .n_not_categories = 1});
}

static void test_gate__what_was_asked_to_be_left_out_is_complete(void **state)
{
    (void)state;
    CHECK(!ss_gate_skip("too-large"));
    CHECK(!ss_gate_skip("symlink"));
    CHECK(ss_gate_skip("unreadable"));
    CHECK(ss_gate_skip("a reason nobody has thought of"));
}

static void test_gate__severity_and_evidence_may_be_asked_for(void **state)
{
    const ss_gate severe = {.gate_severity = SECSCAN_HIGH};
    const ss_gate evident = {.gate_evidence = SECSCAN_STRUCTURE};
    ss_gate_match m = sure;

    (void)state;
    CHECK(ss_gate_finding(&severe, &m));
    CHECK(!ss_gate_finding(&evident, &m));
    m.severity = SECSCAN_MEDIUM;
    m.evidence = SECSCAN_STRUCTURE;
    CHECK(!ss_gate_finding(&severe, &m));
    CHECK(ss_gate_finding(&evident, &m));
}

static void test_gate__only_what_is_new_is_listed_on_request(void **state)
{
    const ss_gate gate = {.is_new_only = 1};
    secscan_finding f = {.category = "token"};

    (void)state;
    CHECK(ss_gate_lists(&gate, &f));
    f.is_known = 1;
    CHECK(!ss_gate_lists(&gate, &f));
    CHECK(ss_gate_lists(&report, &f));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_gate__severity_and_evidence_may_be_asked_for),
        TEST(test_gate__only_what_is_new_is_listed_on_request),
        TEST(test_gate__hygiene_and_preview_only_report),
        TEST(test_gate__strict_lets_hygiene_gate),
        TEST(test_gate__strict_asks_for_long_passwords),
        TEST(test_gate__block_asks_for_severity_and_confidence),
        TEST(test_gate__block_asks_more_of_what_is_generic),
        TEST(test_gate__block_passes_context_in_examples_over),
        TEST(test_gate__lists_what_reaches_every_minimum),
        TEST(test_gate__categories_are_taken_in_or_left_out),
        TEST(test_gate__options_beyond_what_there_is_are_refused),
        TEST(test_gate__what_was_asked_to_be_left_out_is_complete),
    };

    return RUN(tests);
}

#include "unit.h"

#include "base/buf.h"
#include "policy/policy.h"

#include <stdio.h>
#include <time.h>

#define ID "s1:0123456789abcdef01234567"
#define COMMIT "0123456789abcdef0123456789abcdef01234567"

static const char *const aliases[] = {"token-old"};
static const ss_rule token = {
    .id = "token", .aliases = aliases, .n_aliases = 1};

static secscan_policy *policy_of(uint32_t kind, const char *text)
{
    const secscan_policy_text t = {"file", text, strlen(text), kind, 0};
    const secscan_policy_options options = {.size = sizeof(options),
                                            .today = 20270131,
                                            .texts = &t,
                                            .n_texts = 1};
    secscan_policy *policy = NULL;

    CHECK_OK(secscan_policy_new(&policy, &options, NULL));
    return policy;
}

static ss_policy_place place_at(const char *path)
{
    return (ss_policy_place){.fingerprint = ID,
                             .secret = ss_bytes_str("value"),
                             .rule = &token,
                             .path = path,
                             .source = path ? "file" : "commit-message",
                             .line = 3,
                             .match_line = 3};
}

/* What hides the place; frees the policy. */
static const char *ask(secscan_policy *policy, const ss_policy_place *place)
{
    ss_hider hider;

    CHECK_OK(ss_policy_ask(&hider, policy, NULL, place));
    secscan_policy_free(policy);
    return hider.by ? hider.by : "nothing";
}

static const char *entry_at(const char *line, const char *path)
{
    const ss_policy_place place = place_at(path);

    return ask(policy_of(SECSCAN_POLICY_IGNORE, line), &place);
}

static void test_policy__an_entry_hides_at_its_path_alone(void **state)
{
    (void)state;
    CHECK_STR(entry_at(ID " path:src/a.c", "src/a.c"), "ignore");
    CHECK_STR(entry_at(ID " path:src/a.c", "src/b.c"), "nothing");
    CHECK_STR(entry_at(ID " path:a.c", "src/a.c"), "nothing");
    CHECK_STR(entry_at("s1:0123456789abcdef01234568 path:src/a.c", "src/a.c"),
              "nothing");
}

static void test_policy__paths_are_globs(void **state)
{
    (void)state;
    CHECK_STR(entry_at(ID " path:src/*.c", "src/a.c"), "ignore");
    CHECK_STR(entry_at(ID " path:src/*.c", "src/x/a.c"), "nothing");
    CHECK_STR(entry_at(ID " path:**/a.c", "src/x/a.c"), "ignore");
    CHECK_STR(entry_at(ID " path:src/", "src/x/a.c"), "ignore");
    CHECK_STR(entry_at(ID " path:/src/a.c", "src/a.c"), "ignore");
    CHECK_STR(entry_at(ID " path:app/[slug]/a.c", "app/[slug]/a.c"), "ignore");
}

static void test_policy__everywhere_and_sources(void **state)
{
    (void)state;
    CHECK_STR(entry_at(ID " everywhere", "src/a.c"), "ignore");
    CHECK_STR(entry_at(ID " everywhere", NULL), "ignore");
    CHECK_STR(entry_at(ID " in:commit-message", NULL), "ignore");
    CHECK_STR(entry_at(ID " in:author", NULL), "nothing");
    CHECK_STR(entry_at(ID " in:file", "src/a.c"), "nothing");
    CHECK_STR(entry_at(ID " path:**", NULL), "nothing");
}

static void test_policy__a_rule_may_have_its_old_name(void **state)
{
    (void)state;
    CHECK_STR(entry_at(ID " everywhere rule:token", "a"), "ignore");
    CHECK_STR(entry_at(ID " everywhere rule:token-old", "a"), "ignore");
    CHECK_STR(entry_at(ID " everywhere rule:key", "a"), "nothing");
}

static void test_policy__an_entry_counts_on_its_last_day(void **state)
{
    secscan_policy *policy =
        policy_of(SECSCAN_POLICY_IGNORE, "\n" ID " everywhere until:2027-01-30");

    (void)state;
    CHECK_STR(entry_at(ID " everywhere until:2027-01-31", "a"), "ignore");
    CHECK_STR(entry_at(ID " everywhere until:2027-01-30", "a"), "nothing");
    CHECK_INT(policy->notes.len, 1);
    CHECK_STR(policy->notes.at[0].kind, "ended");
    CHECK_INT(policy->notes.at[0].line, 2);
    secscan_policy_free(policy);
}

static void test_policy__a_line_that_is_no_entry_is_noted(void **state)
{
    secscan_policy *policy = policy_of(
        SECSCAN_POLICY_BASELINE, "# c\n<<<<<<< HEAD\n" ID " path:src/a.c\n");
    const ss_policy_place place = place_at("src/a.c");

    (void)state;
    CHECK_INT(policy->notes.len, 1);
    CHECK_STR(policy->notes.at[0].kind, "unread");
    CHECK_INT(policy->notes.at[0].line, 2);
    CHECK_STR(ask(policy, &place), "baseline");
}

static void test_policy__the_answer_of_an_audit_is_a_reason(void **state)
{
    secscan_policy *policy = policy_of(
        SECSCAN_POLICY_BASELINE, ID " path:a is:test # token\n");
    const ss_policy_place place = place_at("a");
    ss_hider hider;

    (void)state;
    CHECK_OK(ss_policy_ask(&hider, policy, NULL, &place));
    CHECK_STR(hider.reason, "test: token");
    secscan_policy_free(policy);
}

static void test_policy__all_rows_that_hide_are_used(void **state)
{
    secscan_policy *policy = policy_of(
        SECSCAN_POLICY_IGNORE,
        ID " path:a\n" ID " everywhere\n" ID " path:b\n");
    const ss_policy_place place = place_at("a");
    uint8_t used[3] = {0};
    ss_hider hider;

    (void)state;
    CHECK_OK(ss_policy_ask(&hider, policy, used, &place));
    CHECK(used[0] && used[1] && !used[2]);
    secscan_policy_free(policy);
}

/* ---- gitleaks ---- */

static const char *position(const char *line, const char *path)
{
    const ss_policy_place place = place_at(path);

    return ask(policy_of(SECSCAN_POLICY_GITLEAKS_IGNORE, line), &place);
}

static void test_policy__gitleaksignore_names_file_rule_and_line(void **state)
{
    (void)state;
    CHECK_STR(position("src/a.c:token:3", "src/a.c"), "gitleaks-ignore");
    CHECK_STR(position(" src\\a.c:token-old:3 \r\n", "src/a.c"),
              "gitleaks-ignore");
    CHECK_STR(position("src/a.c:token:4", "src/a.c"), "nothing");
    CHECK_STR(position("src/a.c:key:3", "src/a.c"), "nothing");
    CHECK_STR(position("src/b.c:token:3", "src/a.c"), "nothing");
    CHECK_STR(position("c:/a:b.c:token:3", "c:/a:b.c"), "gitleaks-ignore");
    CHECK_STR(position("# src/a.c:token:3", "src/a.c"), "nothing");
}

static int is_that(void *ctx, const char *commit)
{
    (void)ctx;
    return strcmp(commit, COMMIT) == 0;
}

static void test_policy__gitleaksignore_may_name_a_commit(void **state)
{
    ss_policy_place place = place_at("src/a.c");

    (void)state;
    CHECK_STR(position(COMMIT ":src/a.c:token:3", "src/a.c"), "nothing");
    place.is_in = is_that;
    CHECK_STR(ask(policy_of(SECSCAN_POLICY_GITLEAKS_IGNORE,
                            COMMIT ":src/a.c:token:3"),
                  &place),
              "gitleaks-ignore");
    CHECK_STR(ask(policy_of(SECSCAN_POLICY_GITLEAKS_IGNORE,
                            "ff23456789abcdef0123456789abcdef01234567:src/"
                            "a.c:token:3"),
                  &place),
              "nothing");
}

static void test_policy__gitleaksignore_may_name_the_matchs_line(void **state)
{
    ss_policy_place place = place_at("a");

    (void)state;
    place.match_line = 2;
    CHECK_STR(
        ask(policy_of(SECSCAN_POLICY_GITLEAKS_IGNORE, "a:token:2"), &place),
        "gitleaks-ignore");
}

static const char *report(const char *json, const char *path)
{
    const ss_policy_place place = place_at(path);

    return ask(policy_of(SECSCAN_POLICY_BASELINE, json), &place);
}

static void test_policy__a_report_of_gitleaks_knows_secret_and_file(void **state)
{
    static const char json[] =
        " [{\"RuleID\": \"other\", \"File\": \"src/a.c\", \"StartLine\": 9, "
        "\"Secret\": \"value\"}]";

    (void)state;
    CHECK_STR(report(json, "src/a.c"), "baseline");
    CHECK_STR(report(json, "src/b.c"), "nothing");
    CHECK_STR(report("[]", "src/a.c"), "nothing");
}

static void test_policy__a_redacted_report_knows_positions(void **state)
{
    static const char json[] =
        "[{\"RuleID\": \"token\", \"File\": \"a\", \"StartLine\": 3, "
        "\"Secret\": \"REDACTED\"}]";
    static const char moved[] =
        "[{\"RuleID\": \"token\", \"File\": \"a\", \"StartLine\": 4, "
        "\"Secret\": \"val...\"}]";
    static const char part[] =
        "[{\"RuleID\": \"token\", \"File\": \"a\", \"StartLine\": 3, "
        "\"Secret\": \"val...\"}]";

    (void)state;
    CHECK_STR(report(json, "a"), "baseline");
    CHECK_STR(report(part, "a"), "baseline");
    CHECK_STR(report(moved, "a"), "nothing");
}

static void test_policy__json_that_is_no_report_is_an_error(void **state)
{
    const secscan_policy_text t = {"base.json", "[\n{", 3,
                                   SECSCAN_POLICY_BASELINE, 0};
    const secscan_policy_options options = {
        .size = sizeof(options), .texts = &t, .n_texts = 1};
    secscan_policy *policy = NULL;
    secscan_error err = {0};

    (void)state;
    CHECK_INT(secscan_policy_new(&policy, &options, &err), SECSCAN_ERR_RULE);
    CHECK(strncmp(err.message, "base.json:2:", 12) == 0);
}

/* ---- the object ---- */

static void test_policy__options_beyond_what_there_is_are_refused(void **state)
{
    secscan_policy_options options = {.size = sizeof(options),
                                      .flags = 0x8000u};
    const secscan_policy_text bad = {"x", "", 0, 9, 0};
    secscan_policy *policy = NULL;

    (void)state;
    CHECK_INT(secscan_policy_new(&policy, &options, NULL), SECSCAN_ERR_ARG);
    options.flags = 0;
    options.texts = &bad;
    options.n_texts = 1;
    CHECK_INT(secscan_policy_new(&policy, &options, NULL), SECSCAN_ERR_ARG);
    options.texts = NULL;
    CHECK_INT(secscan_policy_new(&policy, &options, NULL), SECSCAN_ERR_ARG);
    CHECK_INT(secscan_policy_new(NULL, NULL, NULL), SECSCAN_ERR_ARG);
    CHECK_INT(secscan_policy_find(&policy, NULL, NULL, NULL), SECSCAN_ERR_ARG);
}

static void test_policy__lives_as_long_as_somebody_has_it(void **state)
{
    secscan_policy *policy = policy_of(SECSCAN_POLICY_IGNORE, ID " path:a\n");
    const ss_policy_place place = place_at("a");

    (void)state;
    CHECK(secscan_policy_ref(policy) == policy);
    secscan_policy_free(policy);
    CHECK_STR(ask(policy, &place), "ignore");
    secscan_policy_free(NULL);
}

/* A list that is gone through for each question would take minutes. */
static void test_policy__many_entries_cost_no_more_than_few(void **state)
{
    ss_buf text = SS_BUF_INIT(64 << 20);
    ss_policy_place place = place_at("src/a.c");
    secscan_policy *policy;
    char id[32];
    ss_hider hider;
    clock_t start;

    (void)state;
    for (unsigned i = 0; i < 100000; i++)
        ss_buf_printf(&text, "s1:%024x path:src/a.c # why\n", i);
    ss_buf_putc(&text, '\0');
    policy = policy_of(SECSCAN_POLICY_IGNORE, (const char *)text.data);
    CHECK_INT(policy->rows.len, 100000);
    place.fingerprint = id;
    start = clock();
    for (unsigned i = 0; i < 100000; i++) {
        snprintf(id, sizeof(id), "s1:%024x", i);
        CHECK_OK(ss_policy_ask(&hider, policy, NULL, &place));
        CHECK(hider.by != NULL);
    }
    CHECK((clock() - start) / CLOCKS_PER_SEC < 5);
    secscan_policy_free(policy);
    ss_buf_release(&text);
}

static void test_policy__lack_of_memory_is_told_and_leaks_nothing(void **state)
{
    static const char lines[] = ID " path:a is:test # b\nbad\n" ID
                                   " everywhere until:2020-01-01\n";
    static const char json[] = "[{\"File\": \"a\", \"Secret\": \"x\"}, "
                               "{\"File\": \"a\", \"Secret\": \"\", "
                               "\"Commit\": \"c\"}]";
    const secscan_policy_text texts[] = {
        {"a", lines, strlen(lines), SECSCAN_POLICY_IGNORE, 0},
        {"b", "a:b:1\nbad", 9, SECSCAN_POLICY_GITLEAKS_IGNORE, 0},
        {"c", json, strlen(json), SECSCAN_POLICY_BASELINE, 0}};
    const secscan_policy_options options = {.size = sizeof(options),
                                            .today = 20270101,
                                            .texts = texts,
                                            .n_texts = 3};
    unsigned long n = 0;
    int rc = SECSCAN_ERR_NOMEM;

    (void)state;
    while (rc == SECSCAN_ERR_NOMEM && n < 200) {
        secscan_policy *policy = NULL;

        ss_alloc_fail_at(++n);
        rc = secscan_policy_new(&policy, &options, NULL);
        ss_alloc_fail_at(0);
        secscan_policy_free(policy);
    }
    CHECK_OK(rc);
    CHECK(n > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_policy__an_entry_hides_at_its_path_alone),
        TEST(test_policy__paths_are_globs),
        TEST(test_policy__everywhere_and_sources),
        TEST(test_policy__a_rule_may_have_its_old_name),
        TEST(test_policy__an_entry_counts_on_its_last_day),
        TEST(test_policy__a_line_that_is_no_entry_is_noted),
        TEST(test_policy__the_answer_of_an_audit_is_a_reason),
        TEST(test_policy__all_rows_that_hide_are_used),
        TEST(test_policy__gitleaksignore_names_file_rule_and_line),
        TEST(test_policy__gitleaksignore_may_name_a_commit),
        TEST(test_policy__gitleaksignore_may_name_the_matchs_line),
        TEST(test_policy__a_report_of_gitleaks_knows_secret_and_file),
        TEST(test_policy__a_redacted_report_knows_positions),
        TEST(test_policy__json_that_is_no_report_is_an_error),
        TEST(test_policy__options_beyond_what_there_is_are_refused),
        TEST(test_policy__lives_as_long_as_somebody_has_it),
        TEST(test_policy__many_entries_cost_no_more_than_few),
        TEST(test_policy__lack_of_memory_is_told_and_leaks_nothing),
    };

    return RUN(tests);
}

#include "unit.h"

#include "scan/filter.h"

/* One rule, its match in one line, and what is asked about it. */
typedef struct fixture {
    ss_allowlist own, global;
    ss_rule rule;
    const ss_rule *rules[1];
    ss_rule_set set;
    ss_match match;
} fixture;

/* The match is what stands between bars, the secret between the inner two:
 * "x = |key=|value||". */
static void set_line(fixture *f, const char *marked)
{
    static char line[256];
    size_t bars[4] = {0}, n_bars = 0, len = 0;

    for (; *marked; marked++) {
        if (*marked == '|')
            bars[n_bars++] = len;
        else
            line[len++] = *marked;
    }
    assert_int_equal(n_bars, 4);
    f->match.line = (ss_bytes){(const uint8_t *)line, len};
    f->match.match_at = bars[0];
    f->match.secret_at = bars[1];
    f->match.from = bars[0];
    f->match.secret_from = bars[1];
    f->match.secret_to = bars[2];
    f->match.to = bars[3];
    f->match.secret_len = bars[2] - bars[1];
    f->match.match_len = bars[3] - bars[0];
}

static void init(fixture *f)
{
    memset(f, 0, sizeof(*f));
    f->rule.id = "test-rule";
    f->rules[0] = &f->rule;
    f->set.rules = f->rules;
    f->set.n_rules = 1;
    f->rule.allowlists = &f->own;
    f->set.allowlists = &f->global;
    f->match.rule = &f->rule;
    f->match.reason = "";
    set_line(f, "x = |key=|kx7Qp2mZ||;");
}

static ss_verdict content_of(fixture *f)
{
    ss_filter *filter = NULL;
    ss_verdict verdict;

    CHECK_OK(ss_filter_new(&filter, &f->set, NULL));
    verdict = ss_filter_content(filter, &f->match);
    CHECK_INT(ss_filter_content(filter, &f->match), verdict);
    ss_filter_free(filter);
    return verdict;
}

static ss_verdict origin_of(fixture *f, const char *path, const char *commit)
{
    ss_filter *filter = NULL;
    ss_verdict verdict;

    CHECK_OK(ss_filter_new(&filter, &f->set, NULL));
    verdict = ss_filter_origin(filter, &f->match, path, commit);
    ss_filter_free(filter);
    return verdict;
}

static const char *const secret_start[] = {"^kx7"};
static const char *const match_start[] = {"^key="};
static const char *const line_start[] = {"^x = "};
static const char *const no_such[] = {"nothing like it"};
static const char *const in_vendor[] = {"(^|/)vendor/"};
static const char *const one_commit[] = {
    "0123456789012345678901234567890123456789"};
static const char *const word_qp2[] = {"qp2"};

static void test_filter__keeps_what_nothing_speaks_against(void **state)
{
    fixture f;

    (void)state;
    init(&f);
    CHECK_INT(content_of(&f), SS_KEEP);
    CHECK_INT(origin_of(&f, "a.c", NULL), SS_KEEP);
}

static void test_filter__entropy_has_to_be_above_the_rule_s(void **state)
{
    fixture f;

    (void)state;
    init(&f);
    f.rule.entropy = 3.0; /* eight different characters: 3 bits */
    CHECK_INT(content_of(&f), SS_DROP);
    f.rule.entropy = 2.9;
    CHECK_INT(content_of(&f), SS_KEEP);
}

static void test_filter__stop_word_in_any_case_drops(void **state)
{
    fixture f;

    (void)state;
    init(&f);
    f.rule.stopwords = word_qp2;
    f.rule.n_stopwords = 1;
    CHECK_INT(content_of(&f), SS_DROP);
}

static void test_filter__placeholder_drops_unless_kept(void **state)
{
    fixture f;

    (void)state;
    init(&f);
    set_line(&f, "x = |key=|<your-key>||;");
    CHECK_INT(content_of(&f), SS_DROP);
    f.rule.keep_placeholders = 1;
    CHECK_INT(content_of(&f), SS_KEEP);
}

static void test_filter__read_drops_unless_kept(void **state)
{
    fixture f;

    (void)state;
    init(&f);
    set_line(&f, "|key = |settings.SIGNING||");
    CHECK_INT(content_of(&f), SS_DROP);
    f.rule.keep_placeholders = 1;
    CHECK_INT(content_of(&f), SS_KEEP);
}

static void test_filter__secret_with_a_mark_is_no_read(void **state)
{
    fixture f;

    (void)state;
    init(&f);
    set_line(&f, "|x[\"|acme_key||\"]");
    CHECK_INT(content_of(&f), SS_DROP);
    f.rule.public_prefix = 5;
    CHECK_INT(content_of(&f), SS_KEEP);
}

static void test_filter__implausible_value_drops_for_generic_rules(void **state)
{
    fixture f;

    (void)state;
    init(&f);
    set_line(&f, "|token = |\"window\"||");
    CHECK_INT(content_of(&f), SS_KEEP);
    f.rule.is_generic = 1;
    CHECK_INT(content_of(&f), SS_DROP);
}

static ss_verdict with_regex(const char *const *regex, ss_target target)
{
    fixture f;

    init(&f);
    f.own.regexes = regex;
    f.own.n_regexes = 1;
    f.own.target = (uint8_t)target;
    f.rule.n_allowlists = 1;
    return content_of(&f);
}

static void test_filter__regex_is_held_against_its_target(void **state)
{
    (void)state;
    CHECK_INT(with_regex(secret_start, SS_TARGET_SECRET), SS_SUPPRESS);
    CHECK_INT(with_regex(match_start, SS_TARGET_MATCH), SS_SUPPRESS);
    CHECK_INT(with_regex(line_start, SS_TARGET_LINE), SS_SUPPRESS);
    CHECK_INT(with_regex(match_start, SS_TARGET_SECRET), SS_KEEP);
    CHECK_INT(with_regex(line_start, SS_TARGET_MATCH), SS_KEEP);
}

static void test_filter__allowlist_stop_word_suppresses(void **state)
{
    fixture f;

    (void)state;
    init(&f);
    f.own.stopwords = word_qp2;
    f.own.n_stopwords = 1;
    f.rule.n_allowlists = 1;
    CHECK_INT(content_of(&f), SS_SUPPRESS);
}

static void test_filter__or_takes_one_criterion_and_takes_all(void **state)
{
    fixture f;

    (void)state;
    init(&f);
    f.own.stopwords = word_qp2;
    f.own.n_stopwords = 1;
    f.own.regexes = no_such;
    f.own.n_regexes = 1;
    f.rule.n_allowlists = 1;
    CHECK_INT(content_of(&f), SS_SUPPRESS);
    f.own.is_and = 1;
    CHECK_INT(content_of(&f), SS_KEEP);
    f.own.regexes = secret_start;
    CHECK_INT(content_of(&f), SS_SUPPRESS);
}

static void test_filter__empty_allowlist_allows_nothing(void **state)
{
    fixture f;

    (void)state;
    init(&f);
    f.rule.n_allowlists = 1;
    CHECK_INT(content_of(&f), SS_KEEP);
    f.own.is_and = 1;
    CHECK_INT(content_of(&f), SS_KEEP);
}

static void test_filter__list_with_a_path_is_judged_at_the_origin(void **state)
{
    fixture f;

    (void)state;
    init(&f);
    f.own.paths = in_vendor;
    f.own.n_paths = 1;
    f.own.regexes = secret_start;
    f.own.n_regexes = 1;
    f.own.is_and = 1;
    f.rule.n_allowlists = 1;
    CHECK_INT(content_of(&f), SS_KEEP);
    CHECK_INT(origin_of(&f, "vendor/a.c", NULL), SS_SUPPRESS);
    CHECK_INT(origin_of(&f, "src/a.c", NULL), SS_KEEP);
    CHECK_INT(origin_of(&f, NULL, NULL), SS_KEEP);
    f.own.regexes = no_such;
    CHECK_INT(origin_of(&f, "vendor/a.c", NULL), SS_KEEP);
}

static void test_filter__list_without_an_origin_is_not_asked_twice(void **state)
{
    fixture f;

    (void)state;
    init(&f);
    f.own.regexes = secret_start;
    f.own.n_regexes = 1;
    f.rule.n_allowlists = 1;
    CHECK_INT(origin_of(&f, "a.c", NULL), SS_KEEP);
}

static void test_filter__commit_is_compared_whole(void **state)
{
    fixture f;

    (void)state;
    init(&f);
    f.own.commits = one_commit;
    f.own.n_commits = 1;
    f.rule.n_allowlists = 1;
    CHECK_INT(origin_of(&f, NULL, one_commit[0]), SS_SUPPRESS);
    CHECK_INT(origin_of(&f, NULL, "0123456"), SS_KEEP);
    CHECK_INT(origin_of(&f, NULL, NULL), SS_KEEP);
}

static ss_verdict with_target_rule(const char *id)
{
    static const char *aliases[] = {"old-id"};
    const char *targets[1] = {id};
    fixture f;

    init(&f);
    f.rule.aliases = aliases;
    f.rule.n_aliases = 1;
    f.global.regexes = secret_start;
    f.global.n_regexes = 1;
    f.global.target_rules = targets;
    f.global.n_target_rules = id ? 1 : 0;
    f.set.n_allowlists = 1;
    return content_of(&f);
}

static void test_filter__global_list_is_for_its_target_rules(void **state)
{
    (void)state;
    CHECK_INT(with_target_rule(NULL), SS_SUPPRESS);
    CHECK_INT(with_target_rule("test-rule"), SS_SUPPRESS);
    CHECK_INT(with_target_rule("old-id"), SS_SUPPRESS);
    CHECK_INT(with_target_rule("another-rule"), SS_KEEP);
}

static void test_filter__rule_with_a_path_is_for_such_paths(void **state)
{
    fixture f;

    (void)state;
    init(&f);
    f.rule.path = "\\.env$";
    CHECK_INT(origin_of(&f, "a/.env", NULL), SS_KEEP);
    CHECK_INT(origin_of(&f, "a/env.c", NULL), SS_DROP);
    CHECK_INT(origin_of(&f, NULL, NULL), SS_DROP);
}

/* (a+)+$ on a run of a's that ends in b tries every way to cut the run. */
static void test_filter__limit_of_a_pattern_is_no_verdict(void **state)
{
    static const char *const slow[] = {"^(?:a|aa|(?:a+)+)+$"};
    fixture f;

    (void)state;
    init(&f);
    set_line(&f, "||aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab||");
    f.rule.keep_placeholders = 1;
    f.own.regexes = slow;
    f.own.n_regexes = 1;
    f.rule.n_allowlists = 1;
    CHECK_INT(content_of(&f), SS_NO_VERDICT);
}

static void test_filter__new_fails_cleanly_without_memory(void **state)
{
    fixture f;
    ss_filter *filter = NULL;
    secscan_error err;

    (void)state;
    init(&f);
    f.set.n_allowlists = 1;
    for (unsigned long n = 1; n <= 3; n++) {
        ss_alloc_fail_at(n);
        CHECK_INT(ss_filter_new(&filter, &f.set, &err), SECSCAN_ERR_NOMEM);
        CHECK(!filter);
    }
    ss_alloc_fail_at(0);
    ss_filter_free(NULL);
}

static void test_filter__verdict_without_memory_is_none(void **state)
{
    fixture f;
    ss_filter *filter = NULL;

    (void)state;
    init(&f);
    f.own.regexes = secret_start;
    f.own.n_regexes = 1;
    f.rule.n_allowlists = 1;
    CHECK_OK(ss_filter_new(&filter, &f.set, NULL));
    ss_alloc_fail_at(1);
    CHECK_INT(ss_filter_content(filter, &f.match), SS_NO_VERDICT);
    ss_alloc_fail_at(2); /* what was made before is kept */
    CHECK_INT(ss_filter_content(filter, &f.match), SS_NO_VERDICT);
    ss_alloc_fail_at(2);
    CHECK_INT(ss_filter_content(filter, &f.match), SS_NO_VERDICT);
    ss_alloc_fail_at(0);
    CHECK_INT(ss_filter_content(filter, &f.match), SS_SUPPRESS);
    ss_filter_free(filter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_filter__keeps_what_nothing_speaks_against),
        TEST(test_filter__entropy_has_to_be_above_the_rule_s),
        TEST(test_filter__stop_word_in_any_case_drops),
        TEST(test_filter__placeholder_drops_unless_kept),
        TEST(test_filter__read_drops_unless_kept),
        TEST(test_filter__secret_with_a_mark_is_no_read),
        TEST(test_filter__implausible_value_drops_for_generic_rules),
        TEST(test_filter__regex_is_held_against_its_target),
        TEST(test_filter__allowlist_stop_word_suppresses),
        TEST(test_filter__or_takes_one_criterion_and_takes_all),
        TEST(test_filter__empty_allowlist_allows_nothing),
        TEST(test_filter__list_with_a_path_is_judged_at_the_origin),
        TEST(test_filter__list_without_an_origin_is_not_asked_twice),
        TEST(test_filter__commit_is_compared_whole),
        TEST(test_filter__global_list_is_for_its_target_rules),
        TEST(test_filter__rule_with_a_path_is_for_such_paths),
        TEST(test_filter__limit_of_a_pattern_is_no_verdict),
        TEST(test_filter__new_fails_cleanly_without_memory),
        TEST(test_filter__verdict_without_memory_is_none),
    };

    return RUN(tests);
}

/* What a rule file may hold: the errors, each with its place and what to do. */
#include "unit.h"

#include <secscan.h>

static const secscan_rules_options alone = {.size = sizeof(alone),
                                            .flags = SECSCAN_RULES_NO_BUILTIN |
                                                     SECSCAN_RULES_NO_CACHE,
                                            .name = "x.toml"};

static void check_error(const char *toml, const char *start)
{
    secscan_rules *rules = NULL;
    secscan_error err;

    memset(&err, 0, sizeof(err));
    CHECK_INT(secscan_rules_parse(&rules, toml, strlen(toml), &alone, &err),
              SECSCAN_ERR_RULE);
    if (strncmp(err.message, start, strlen(start)) != 0)
        CHECK_STR(err.message, start);
    CHECK(rules == NULL);
}

static secscan_rules *parse(const char *toml)
{
    secscan_rules *rules = NULL;
    secscan_error err;
    int rc = secscan_rules_parse(&rules, toml, strlen(toml), &alone, &err);

    if (rc)
        print_message("%s\n", err.message);
    CHECK_OK(rc);
    return rules;
}

#define RULE "[[rules]]\nid = 'a'\n"

static void test_rule_read__unknown_key_names_its_place(void **state)
{
    (void)state;
    check_error(RULE "regexp = 'abc'\n",
                "x.toml:3:1: unknown key 'regexp' in a rule: did you mean "
                "'regex'?");
    check_error("colour = 1\n", "x.toml:1:1: unknown key 'colour' in a rule "
                                "file: take it out");
    check_error("fingerprintSalt = 'short'\n",
                "x.toml:1:19: 'fingerprintSalt' has 5 bytes: give it 16 to 64 "
                "random ones");
    check_error("[allowlist]\nregexs = []\n",
                "x.toml:2:1: unknown key 'regexs' in an allowlist: did you "
                "mean 'regexes'?");
    check_error("[extend]\nuseDefaults = true\n",
                "x.toml:2:1: unknown key 'useDefaults' in [extend]: did you "
                "mean 'useDefault'?");
}

static void test_rule_read__wrong_kind_names_the_right_one(void **state)
{
    (void)state;
    check_error(RULE "regex = 3\n", "x.toml:3:9: 'regex' has to be a string");
    check_error(RULE "keywords = 'a'\n",
                "x.toml:3:12: 'keywords' has to be an array of strings");
    check_error(RULE "keywords = ['a', 1]\n",
                "x.toml:3:18: 'keywords' takes strings");
    check_error(RULE "secretGroup = 99\n",
                "x.toml:3:15: 'secretGroup' has to be from 0 to 31");
    check_error(RULE "entropy = 9.5\n",
                "x.toml:3:11: 'entropy' has to be from 0 to 8");
    check_error(RULE "confidence = 101\n",
                "x.toml:3:14: 'confidence' has to be from 0 to 100");
    check_error(RULE "severity = 'bad'\n",
                "x.toml:3:12: 'severity' has to be one of: info, low, medium, "
                "high, critical");
    check_error(RULE "category = 'bad'\n",
                "x.toml:3:12: 'category' has to be one of: token,");
    check_error(RULE "generic = 'yes'\n",
                "x.toml:3:11: 'generic' has to be true or false");
    check_error("rules = 1\n", "x.toml:1:9: 'rules' has to be an array");
}

static void test_rule_read__broken_toml_names_its_place(void **state)
{
    (void)state;
    check_error("a = \n", "x.toml:1:5: TOML: ");
    check_error("[[rules]\n", "x.toml:1:");
}

static void test_rule_read__bad_regex_names_its_byte(void **state)
{
    (void)state;
    check_error(RULE "regex = 'ab(c'\n",
                "x.toml:3:14: regular expression: missing closing");
    check_error(RULE "regex = '''ab\nc)d'''\n",
                "x.toml:4:2: regular expression: unmatched closing");
    check_error(RULE "regex = 'ab(?R)?c'\n",
                "x.toml:3:14: regular expression: this kind of group");
    check_error("[allowlist]\npaths = ['ok', 'b[']\n",
                "x.toml:2:19: regular expression: missing terminating ]");
}

static void test_rule_read__rules_have_to_make_sense(void **state)
{
    (void)state;
    check_error(RULE "regex = 'a*'\nwidth = 9\n",
                "x.toml:3:10: the regex matches the empty string");
    check_error(RULE "regex = 'abc[0-9]+'\n",
                "x.toml:3:18: a match has no bound");
    check_error(RULE "regex = 'abc[0-9]+'\nwidth = 3\n",
                "x.toml:4:9: 'width' is less than the shortest match, 4");
    check_error(RULE "regex = '.*abc'\nwidth = 99\n",
                "x.toml:3:10: nothing fixed stands before the first");
    check_error(RULE "regex = 'a(b)c'\nsecretGroup = 2\n",
                "x.toml:4:15: group 2 does not exist: the regex has 1");
    check_error(RULE "regex = 'abc'\ncheck = 'none'\n",
                "x.toml:4:10: there is no check of this name");
    check_error(RULE,
                "x.toml:2:7: a rule needs 'regex', 'path', or 'near' and");
    check_error("[[rules]]\nregex = 'abc'\n",
                "x.toml:1:1: a rule needs an 'id'");
    check_error("[[rules]]\nid = 'a b'\nregex = 'abc'\n",
                "x.toml:2:7: an id is of printable ASCII");
    check_error(RULE "regex = 'abc(?=.{600})'\n",
                "x.toml:3:10: look-ahead reads more than 512 bytes");
    check_error(RULE "regex = '(?<=[0-9]{65})abc'\n",
                "x.toml:3:10: look-behind reads more than 64 bytes");
}

#define KIND RULE "near = ['acme', 'big acme']\nvalue = '[0-9a-f]{32}'\n"

static void test_rule_read__kinds_have_words_and_a_value(void **state)
{
    (void)state;
    check_error(RULE "value = '[0-9a-f]{32}'\n",
                "x.toml:3:10: 'near' is missing");
    check_error(RULE "name = ['key']\n", "x.toml:3:8: 'near' is missing");
    check_error(RULE "near = ['acme']\n", "x.toml:3:8: 'value' is missing");
    check_error(RULE "near = ['big_acme']\nvalue = '[0-9a-f]{32}'\n",
                "x.toml:3:8: 'big_acme': a word is of 2 to 40 letters and "
                "digits, a phrase of words and single spaces");
    check_error(RULE "near = ['acme']\nname = ['']\nvalue = 'a{3}'\n",
                "x.toml:4:8: '': a word is of");
    check_error(RULE "near = ['acme']\nvalue = '[a'\n",
                "x.toml:4:12: regular expression: missing terminating ]");
    check_error(RULE "near = ['acme']\nvalue = '[a-z]*'\n",
                "x.toml:4:10: the value may be the empty string");
    check_error(RULE "near = ['acme']\nvalue = 'a[a-z]+'\n",
                "x.toml:4:16: a value has no bound of 2048 bytes or less");
}

static void test_rule_read__kinds_have_no_pattern_of_their_own(void **state)
{
    (void)state;
    check_error(KIND "regex = 'abc'\n",
                "x.toml:5:10: 'regex' does not go with 'near' and 'value'");
    check_error(KIND "path = 'abc'\n", "x.toml:5:9: 'path' does not go with");
    check_error(KIND "generic = true\n",
                "x.toml:5:11: 'generic' does not go with");
}

static void test_rule_read__kinds_show_what_they_look_for(void **state)
{
    secscan_rules *rules = parse(KIND "name = ['API key']\n");
    secscan_rule_info info;

    (void)state;
    CHECK_OK(secscan_rules_find(rules, "a", &info));
    CHECK_STR(info.value, "[0-9a-f]{32}");
    CHECK_INT(info.n_near, 2);
    CHECK_STR(info.near[1], "big acme");
    CHECK_INT(info.n_names, 1);
    CHECK_STR(info.names[0], "api key");
    CHECK_STR(info.regex, "");
    secscan_rules_free(rules);
}

static void test_rule_read__ids_are_taken_once(void **state)
{
    (void)state;
    check_error(RULE "regex = 'abc'\n" RULE "regex = 'abd'\n",
                "x.toml:5:7: the id 'a' is taken by a rule at x.toml:1");
    check_error(RULE "regex = 'abc'\n[[rules]]\nid = 'b'\naliases = ['a']\n"
                     "regex = 'abd'\n",
                "x.toml:5:7: 'a' is the id or alias of two rules");
}

static void test_rule_read__allowlists_have_to_allow_something(void **state)
{
    (void)state;
    check_error("[allowlist]\ndescription = 'none'\n",
                "x.toml:1:1: an empty allowlist");
    check_error("[allowlist]\npaths = ['a']\n[[allowlists]]\npaths = ['b']\n",
                "x.toml:1:1: [allowlist] beside [[allowlists]]");
    check_error(RULE "regex = 'abc'\n[[allowlists]]\npaths = ['b']\n"
                     "targetRules = ['b']\n",
                "x.toml:4:1: targetRules: there is no rule 'b'");
}

static void test_rule_read__no_rules_is_an_error(void **state)
{
    (void)state;
    check_error("", "no rules are left");
    check_error("title = 'x'\n", "no rules are left");
}

static void test_rule_read__extend_is_checked(void **state)
{
    (void)state;
    check_error("[extend]\nuseDefault = true\npath = 'a.toml'\n",
                "x.toml:1:1: [extend] takes 'path' or 'useDefault', not both");
    check_error("[extend]\ndisabledRules = ['zz']\n" RULE "regex = 'abc'\n",
                "x.toml:1:1: disabledRules: there is no rule 'zz'");
}

static void test_rule_read__keys_ignore_case_as_gitleaks_does(void **state)
{
    secscan_rules *rules = parse("Title = 'x'\n[[Rules]]\nID = 'a'\n"
                                 "Regex = 'abc'\n[Rules.AllowList]\n"
                                 "StopWords = ['x']\nCondition = '&&'\n");
    secscan_rule_info info;

    (void)state;
    CHECK_INT(secscan_rules_count(rules), 1);
    CHECK_OK(secscan_rules_find(rules, "a", &info));
    CHECK_STR(info.regex, "abc");
    CHECK_STR(info.category, "token");
    CHECK_INT(info.severity, SECSCAN_HIGH);
    CHECK_INT(info.is_builtin, 0);
    CHECK_STR(info.path, "");
    secscan_rules_free(rules);
}

static void test_rule_read__fragments_take_their_place(void **state)
{
    secscan_rules *rules;
    secscan_rule_info info;

    (void)state;
    rules = parse("[fragments]\nTAIL = '[0-9]{4}'\n[[rules]]\nid = 'a'\n"
                  "regex = 'acme_{{TAIL}}x{{TAIL}}'\n");
    CHECK_INT(secscan_rules_find(rules, "a", &info), 0);
    CHECK_STR(info.regex, "acme_[0-9]{4}x[0-9]{4}");
    secscan_rules_free(rules);
    check_error("[fragments]\nTAIL = '[0-9]{4}'\n[[rules]]\nid = 'a'\n"
                "regex = 'acme_{{HEAD}}'\n",
                "x.toml:5:9: no fragment is called {{HEAD}}");
    check_error("[fragments]\ntail = '[0-9]{4}'\n",
                "x.toml:2:1: the name of a fragment has to be 1 to 32 "
                "capitals");
    check_error("[fragments]\nTAIL = 4\n",
                "x.toml:2:8: a fragment has to be a string");
}

#define PAIR                                                                   \
    "[[rules]]\nid = 'b'\nregex = 'bbb'\naliases = ['c']\n"                    \
    "[[rules]]\nid = 'a'\nregex = 'aaa'\n"

static void test_rule_read__parts_have_to_make_sense(void **state)
{
    (void)state;
    secscan_rules_free(parse(PAIR "[[rules.required]]\nid = 'b'\n"
                                  "withinLines = 3\nwithinColumns = 80\n"
                                  "withinBytes = 500\n"));
    secscan_rules_free(parse(PAIR "[[rules.parts]]\nids = ['b']\n"
                                  "role = 'user'\npublic = true\n"));
    secscan_rules_free(parse(PAIR "skipReport = true\n[[rules.parts]]\n"
                                  "id = 'c'\n"));
    check_error(PAIR "[[rules.required]]\nrole = 'x'\n",
                "x.toml:8:1: a part takes 'id', or 'ids' for any of several");
    check_error(PAIR "[[rules.parts]]\nid = 'b'\nids = ['b']\n",
                "x.toml:8:1: a part takes 'id', or 'ids' for any of several");
    check_error(PAIR "[[rules.parts]]\nid = 'b'\nwithin = 3\n",
                "x.toml:10:1: unknown key 'within' in a part");
    check_error(PAIR "parts = 'b'\n",
                "x.toml:8:9: 'parts' has to be an array of tables");
    check_error(PAIR "[[rules.parts]]\nid = 'd'\n",
                "x.toml:8:1: a part: there is no rule 'd'");
    check_error(PAIR "[[rules.required]]\nid = 'a'\n",
                "x.toml:8:1: a rule cannot be a part of itself");
    check_error(RULE "path = 'x$'\nskipReport = true\n",
                "x.toml:3:9: a rule about paths has no parts and is none");
}

static void test_rule_read__a_readers_rule_has_no_pattern(void **state)
{
    (void)state;
    secscan_rules_free(parse(RULE "reader = true\n"));
    check_error(RULE "reader = true\nregex = 'abc'\n",
                "x.toml:3:10: a reader's rule has no 'regex', no 'path' and no "
                "parts");
    check_error(RULE "reader = false\n", "x.toml:2:7: a rule needs 'regex'");
}

static void test_rule_read__rules_are_sorted_by_id(void **state)
{
    secscan_rules *rules = parse("[[rules]]\nid = 'b'\nregex = 'abc'\n"
                                 "[[rules]]\nid = 'a'\npath = 'x$'\n");
    secscan_rule_info info;

    (void)state;
    CHECK_OK(secscan_rules_at(rules, 0, &info));
    CHECK_STR(info.id, "a");
    CHECK_INT(secscan_rules_at(rules, 2, &info), SECSCAN_ERR_ARG);
    secscan_rules_free(rules);
}

/* Every allocation of a parse fails once. */
static void test_rule_read__out_of_memory_says_so(void **state)
{
    static const char toml[] =
        "[[rules]]\nid = 'a'\nregex = '(?i)abc_([a-z]{9})'\n"
        "keywords = ['abc']\nmatch = ['abc']\n[[rules.allowlists]]\n"
        "regexes = ['x']\n[[rules]]\nid = 'b'\npath = 'x$'\n"
        "[[rules]]\nid = 'c'\nregex = 'ccc'\n[[rules.required]]\nid = 'a'\n"
        "[[rules.parts]]\nids = ['a']\nrole = 'user'\n"
        "[[allowlists]]\npaths = ['y']\ntargetRules = ['b']\n";
    unsigned long n = 0;
    int rc = SECSCAN_ERR_NOMEM;

    (void)state;
    while (rc) {
        secscan_rules *rules = NULL;
        secscan_error err;

        CHECK(n < 1000);
        ss_alloc_fail_at(++n);
        rc = secscan_rules_parse(&rules, toml, sizeof(toml) - 1, &alone, &err);
        ss_alloc_fail_at(0);
        CHECK(rc == 0 || rc == SECSCAN_ERR_NOMEM);
        secscan_rules_free(rules);
    }
    CHECK(n > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_rule_read__unknown_key_names_its_place),
        TEST(test_rule_read__wrong_kind_names_the_right_one),
        TEST(test_rule_read__broken_toml_names_its_place),
        TEST(test_rule_read__bad_regex_names_its_byte),
        TEST(test_rule_read__rules_have_to_make_sense),
        TEST(test_rule_read__kinds_have_words_and_a_value),
        TEST(test_rule_read__kinds_have_no_pattern_of_their_own),
        TEST(test_rule_read__kinds_show_what_they_look_for),
        TEST(test_rule_read__ids_are_taken_once),
        TEST(test_rule_read__allowlists_have_to_allow_something),
        TEST(test_rule_read__no_rules_is_an_error),
        TEST(test_rule_read__extend_is_checked),
        TEST(test_rule_read__keys_ignore_case_as_gitleaks_does),
        TEST(test_rule_read__fragments_take_their_place),
        TEST(test_rule_read__parts_have_to_make_sense),
        TEST(test_rule_read__a_readers_rule_has_no_pattern),
        TEST(test_rule_read__rules_are_sorted_by_id),
        TEST(test_rule_read__out_of_memory_says_so),
    };

    return RUN(tests);
}

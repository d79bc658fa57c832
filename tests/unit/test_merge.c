/* Rules of several origins, through the public functions and real files. */
#include "unit.h"

#include <secscan.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rules/rule.h"

static char dir[64];
static const secscan_rules_options no_cache = {.size = sizeof(no_cache),
                                               .flags = SECSCAN_RULES_NO_CACHE};

static int make_dir(void **state)
{
    (void)state;
    strcpy(dir, "/tmp/secscan-merge-XXXXXX");
    return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof(command), "rm -rf %s", dir);
    return system(command);
}

static const char *write_file(char path[128], const char *name,
                              const char *text)
{
    FILE *out;

    snprintf(path, 128, "%s/%s", dir, name);
    out = fopen(path, "w");
    CHECK(out != NULL);
    fputs(text, out);
    fclose(out);
    return path;
}

static int load(secscan_rules **out, const char *path, secscan_error *err)
{
    return secscan_rules_load(out, &path, 1, &no_cache, err);
}

static secscan_rules *load_text(const char *text)
{
    char path[128];
    secscan_rules *rules = NULL;
    secscan_error err;
    int rc = load(&rules, write_file(path, "one.toml", text), &err);

    if (rc)
        print_message("%s\n", err.message);
    CHECK_OK(rc);
    return rules;
}

static const ss_rule *rule_of(const secscan_rules *rules, const char *id)
{
    const ss_rule_set *set = ss_rules_set(rules);

    for (size_t i = 0; i < set->n_rules; i++) {
        if (strcmp(set->rules[i]->id, id) == 0)
            return set->rules[i];
    }
    return NULL;
}

static void test_merge__no_files_are_the_builtin_rules(void **state)
{
    secscan_rules *rules = NULL;
    secscan_rule_info info;

    (void)state;
    CHECK_OK(secscan_rules_load(&rules, NULL, 0, NULL, NULL));
    CHECK(secscan_rules_count(rules) > 20);
    CHECK_OK(secscan_rules_find(rules, "github-pat-classic", &info));
    CHECK_INT(info.is_builtin, 1);
    CHECK_INT(strlen(secscan_rules_version(rules)), 16);
    CHECK(ss_rules_set(rules)->n_databases > 0);
    CHECK(ss_rules_set(rules)->max_prefix <= SS_MAX_PREFIX_WIDTH);
    secscan_rules_free(secscan_rules_ref(rules));
    secscan_rules_free(rules);
}

static void test_merge__a_file_stands_alone(void **state)
{
    secscan_rules *rules = load_text("[[rules]]\nid = 'a'\nregex = 'abc'\n");

    (void)state;
    CHECK_INT(secscan_rules_count(rules), 1);
    secscan_rules_free(rules);
}

static void test_merge__a_file_extends_the_builtin_rules(void **state)
{
    secscan_rules *plain = NULL;
    secscan_rules *rules = load_text(
        "[extend]\nuseDefault = true\ndisabledRules = "
        "['github-app-user-token']\n"
        "[[rules]]\nid = 'a'\nregex = 'abc'\n"
        "[[rules]]\nid = 'github-pat-classic'\nseverity = 'low'\n"
        "keywords = ['more']\n[[rules.allowlists]]\npaths = ['^docs/']\n");
    const ss_rule *rule = rule_of(rules, "github-pat-classic");

    (void)state;
    CHECK_OK(secscan_rules_load(&plain, NULL, 0, NULL, NULL));
    CHECK_INT(secscan_rules_count(rules), secscan_rules_count(plain));
    CHECK(rule_of(rules, "github-app-user-token") == NULL);
    CHECK_INT(rule->severity, SECSCAN_LOW);
    CHECK_STR(rule->regex, rule_of(plain, "github-pat-classic")->regex);
    CHECK_STR(rule->prefilter, rule_of(plain, "github-pat-classic")->prefilter);
    CHECK_INT(rule->n_allowlists, 1);
    CHECK_STR(rule->keywords[rule->n_keywords - 1], "more");
    CHECK(strcmp(secscan_rules_version(rules), secscan_rules_version(plain)) !=
          0);
    secscan_rules_free(plain);
    secscan_rules_free(rules);
}

static void test_merge__a_new_regex_takes_its_own_width(void **state)
{
    secscan_rules *rules = load_text(
        "[extend]\nuseDefault = true\n"
        "[[rules]]\nid = 'github-pat-classic'\nregex = 'mark_[a-z]{3,9}'\n");
    const ss_rule *rule = rule_of(rules, "github-pat-classic");

    (void)state;
    CHECK_INT(rule->width, 14);
    CHECK_STR(rule->prefilter, "mark_[a-z]{3}");
    CHECK_INT(rule->public_prefix, 5);
    secscan_rules_free(rules);
}

static void test_merge__a_file_extends_a_file(void **state)
{
    char base[128], middle[128], top[128], text[400];
    secscan_rules *rules = NULL;

    (void)state;
    write_file(base, "base.toml",
               "[[rules]]\nid = 'a'\nregex = 'abc'\n"
               "[[rules]]\nid = 'b'\nregex = 'abd'\n");
    snprintf(text, sizeof(text),
             "[extend]\npath = '%s'\ndisabledRules = ['b']\n"
             "[[rules]]\nid = 'a'\ndescription = 'middle'\n",
             base);
    write_file(middle, "middle.toml", text);
    snprintf(text, sizeof(text),
             "[extend]\npath = '%s'\n"
             "[[rules]]\nid = 'a'\nentropy = 3.5\n",
             middle);
    write_file(top, "top.toml", text);
    CHECK_OK(load(&rules, top, NULL));
    CHECK_INT(secscan_rules_count(rules), 1);
    CHECK_STR(rule_of(rules, "a")->description, "middle");
    CHECK(rule_of(rules, "a")->entropy > 3.4);
    secscan_rules_free(rules);
}

static void test_merge__a_chain_of_files_has_an_end(void **state)
{
    char path[128], text[300];
    secscan_rules *rules = NULL;
    secscan_error err;

    (void)state;
    snprintf(text, sizeof(text), "[extend]\npath = '%s/loop.toml'\n", dir);
    CHECK_INT(load(&rules, write_file(path, "loop.toml", text), &err),
              SECSCAN_ERR_RULE);
    CHECK(strstr(err.message, "[extend] goes deeper than 2 files") != NULL);
}

static void test_merge__an_error_names_the_file_that_changed_it(void **state)
{
    char path[128];
    secscan_rules *rules = NULL;
    secscan_error err;

    (void)state;
    write_file(path, "bad.toml",
               "[extend]\nuseDefault = true\n[[rules]]\n"
               "id = 'github-pat-classic'\nsecretGroup = 9\n");
    CHECK_INT(load(&rules, path, &err), SECSCAN_ERR_RULE);
    CHECK_INT(err.line, 5);
    CHECK(strstr(err.message, "bad.toml:5:15: group 9 does not") != NULL);
}

static void test_merge__a_missing_file_is_an_io_error(void **state)
{
    secscan_rules *rules = NULL;
    secscan_error err;

    (void)state;
    CHECK_INT(load(&rules, "/nonexistent/rules.toml", &err), SECSCAN_ERR_IO);
}

static void test_merge__several_files_are_joined(void **state)
{
    char one[128], two[128];
    const char *paths[2];
    secscan_rules *rules = NULL;

    (void)state;
    paths[0] = write_file(one, "j1.toml", "[[rules]]\nid = 'a'\nregex = 'abc'");
    paths[1] = write_file(two, "j2.toml", "[[rules]]\nid = 'b'\nregex = 'abc'");
    CHECK_OK(secscan_rules_load(&rules, paths, 2, &no_cache, NULL));
    CHECK_INT(secscan_rules_count(rules), 2);
    secscan_rules_free(rules);
    paths[1] = paths[0];
    CHECK_INT(secscan_rules_load(&rules, paths, 2, &no_cache, NULL),
              SECSCAN_ERR_RULE);
}

static void test_merge__out_of_memory_says_so(void **state)
{
    static const char toml[] = "[extend]\nuseDefault = true\n"
                               "[[rules]]\nid = 'github-pat-classic'\n"
                               "keywords = ['more']\n";
    unsigned long n = 0;
    int rc = SECSCAN_ERR_NOMEM;

    (void)state;
    while (rc) {
        secscan_rules *rules = NULL;

        CHECK(n < 1000000);
        /* Each of the first, then ever fewer: with all rules together they
         * are thousands, and the last ones come after minutes of compiling. */
        n += 1 + n / 16;
        ss_alloc_fail_at(n);
        rc = secscan_rules_parse(&rules, toml, sizeof(toml) - 1, &no_cache,
                                 NULL);
        ss_alloc_fail_at(0);
        CHECK(rc == 0 || rc == SECSCAN_ERR_NOMEM);
        secscan_rules_free(rules);
    }
    CHECK(n > 10);
}

static void test_merge__loading_runs_out_of_memory(void **state)
{
    unsigned long n = 0;
    int rc = SECSCAN_ERR_NOMEM;

    (void)state;
    while (rc) {
        secscan_rules *rules = NULL;

        CHECK(n < 100);
        ss_alloc_fail_at(++n);
        rc = secscan_rules_load(&rules, NULL, 0, &no_cache, NULL);
        ss_alloc_fail_at(0);
        CHECK(rc == 0 || rc == SECSCAN_ERR_NOMEM);
        secscan_rules_free(rules);
    }
}

static void test_merge__wrong_options_are_refused(void **state)
{
    secscan_rules_options options = {.size = sizeof(options), .flags = 0x80};
    secscan_rules *rules = NULL;

    (void)state;
    CHECK_INT(secscan_rules_load(&rules, NULL, 0, &options, NULL),
              SECSCAN_ERR_ARG);
    options.flags = SECSCAN_RULES_NO_BUILTIN;
    CHECK_INT(secscan_rules_load(&rules, NULL, 0, &options, NULL),
              SECSCAN_ERR_RULE);
    CHECK_INT(secscan_rules_load(NULL, NULL, 0, NULL, NULL), SECSCAN_ERR_ARG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_merge__no_files_are_the_builtin_rules),
        TEST(test_merge__a_file_stands_alone),
        TEST(test_merge__a_file_extends_the_builtin_rules),
        TEST(test_merge__a_new_regex_takes_its_own_width),
        TEST(test_merge__a_file_extends_a_file),
        TEST(test_merge__a_chain_of_files_has_an_end),
        TEST(test_merge__an_error_names_the_file_that_changed_it),
        TEST(test_merge__a_missing_file_is_an_io_error),
        TEST(test_merge__several_files_are_joined),
        TEST(test_merge__out_of_memory_says_so),
        TEST(test_merge__loading_runs_out_of_memory),
        TEST(test_merge__wrong_options_are_refused),
    };

    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}

/* The three ways to databases, and what the private cache puts up with. */
#include "unit.h"

#include <hs.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rules/cache.h"
#include "rules/compile.h"
#include "scan/fingerprint.h"

static char dir[64];
static ss_cache cache = {dir, ss_digest16};
static ss_rule rule;
static const ss_rule *rules[1] = {&rule};

static int make_dir(void **state)
{
    (void)state;
    strcpy(dir, "/tmp/secscan-cache-XXXXXX");
    rule.id = "a";
    rule.prefilter = "abcd";
    return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof(command), "rm -rf %s", dir);
    return system(command);
}

static ss_rule_set new_set(void)
{
    ss_rule_set set;

    memset(&set, 0, sizeof(set));
    set.rules = rules;
    set.n_rules = 1;
    return set;
}

static int on_end(unsigned int id, unsigned long long from,
                  unsigned long long to, unsigned int flags, void *ctx)
{
    (void)id;
    (void)from;
    (void)flags;
    *(unsigned long long *)ctx = to;
    return 0;
}

/* The end of the match in a fixed text; 0 when there is none. */
static unsigned long long found(const ss_rule_set *set)
{
    hs_scratch_t *scratch = NULL;
    unsigned long long end = 0;

    CHECK_INT(set->n_databases, 1);
    CHECK_OK(hs_alloc_scratch(set->databases[0], &scratch));
    CHECK_OK(
        hs_scan(set->databases[0], "..abcd..", 8, 0, scratch, on_end, &end));
    hs_free_scratch(scratch);
    return end;
}

static void file_path(char path[200])
{
    char command[200];
    FILE *list;

    snprintf(command, sizeof(command), "ls -d %s/rules-*.db", dir);
    list = popen(command, "r");
    CHECK(list && fgets(path, 200, list));
    path[strcspn(path, "\n")] = '\0';
    pclose(list);
}

static void store(void)
{
    ss_rule_set set = new_set();

    CHECK_OK(ss_compile(&set, NULL));
    ss_cache_store(&cache, &set);
    ss_compile_release(&set);
}

static int loads(void)
{
    ss_rule_set set = new_set();
    int rc = ss_cache_load(&cache, &set);

    if (rc == 0)
        CHECK_INT(found(&set), 6);
    CHECK_INT(set.n_databases, rc == 0);
    ss_compile_release(&set);
    return rc == 0;
}

static void test_cache__keeps_what_was_compiled(void **state)
{
    (void)state;
    store();
    CHECK(loads());
    rule.prefilter = "abce"; /* other rules, another file */
    CHECK(!loads());
    rule.prefilter = "abcd";
}

static void test_cache__damage_is_seen(void **state)
{
    char path[200];
    FILE *file;

    (void)state;
    store();
    file_path(path);
    file = fopen(path, "r+");
    CHECK(file != NULL);
    fseek(file, 900, SEEK_SET);
    fputs("damage", file);
    fclose(file);
    CHECK(!loads());
    CHECK_OK(truncate(path, 20));
    CHECK(!loads());
    CHECK_OK(truncate(path, 0));
    CHECK(!loads());
    store();
    CHECK(loads());
}

static void test_cache__what_others_can_write_is_not_used(void **state)
{
    char path[200];

    (void)state;
    store();
    file_path(path);
    CHECK_OK(chmod(path, 0620));
    CHECK(!loads());
    CHECK_OK(chmod(path, 0600));
    CHECK(loads());
    CHECK_OK(chmod(dir, 0770));
    CHECK(!loads());
    CHECK_OK(chmod(dir, 0700));
}

static void test_cache__a_link_is_not_followed(void **state)
{
    char path[200], other[210];

    (void)state;
    store();
    file_path(path);
    snprintf(other, sizeof(other), "%s.moved", path);
    CHECK_OK(rename(path, other));
    CHECK_OK(symlink(other, path));
    CHECK(!loads());
    CHECK_OK(unlink(path));
    CHECK_OK(unlink(other));
}

static void test_cache__keeps_the_last_sets_only(void **state)
{
    static const char letters[] = "abcdefghijklmnopqrst";
    char prefilter[] = "abc?", command[120];

    (void)state;
    rule.prefilter = prefilter;
    for (size_t i = 0; letters[i]; i++) {
        prefilter[3] = letters[i];
        store();
    }
    rule.prefilter = "abct";
    {
        ss_rule_set set = new_set();

        CHECK_OK(ss_cache_load(&cache, &set));
        ss_compile_release(&set);
    }
    rule.prefilter = "abcd";
    snprintf(command, sizeof(command), "test $(ls %s | wc -l) -eq 16", dir);
    CHECK_OK(system(command));
}

static void test_cache__without_a_home_there_is_none(void **state)
{
    const ss_cache homeless = {NULL, ss_digest16};
    ss_rule_set set = new_set();
    char *home = ss_strdup(getenv("HOME") ? getenv("HOME") : "/");

    (void)state;
    unsetenv("HOME");
    setenv("XDG_CACHE_HOME", "relative", 1);
    CHECK_OK(ss_cache_open(&homeless, &set, NULL, 0, NULL));
    CHECK_INT(found(&set), 6);
    setenv("HOME", home, 1);
    unsetenv("XDG_CACHE_HOME");
    ss_compile_release(&set);
    ss_free(home);
}

/* As a database of another version of Hyperscan would be refused. */
static void test_cache__another_version_finds_the_same(void **state)
{
    ss_rule_set set = new_set();
    uint8_t *data = NULL;
    size_t len = 0;
    ss_bytes bytes;

    (void)state;
    CHECK_OK(ss_compile(&set, NULL));
    CHECK_OK(ss_compile_save(set.databases[0], &data, &len, NULL));
    ss_compile_release(&set);
    bytes = ss_bytes_of(data, len);
    CHECK_OK(ss_cache_open(&cache, &set, &bytes, 1, NULL));
    CHECK_INT(found(&set), 6);
    ss_compile_release(&set);
    data[5] ^= 1; /* the version stands behind the magic number */
    CHECK_INT(ss_compile_load(&set.databases[0], bytes, NULL),
              SECSCAN_ERR_CORRUPT);
    CHECK_OK(ss_cache_open(&cache, &set, &bytes, 1, NULL));
    CHECK_INT(found(&set), 6);
    ss_compile_release(&set);
    CHECK_OK(ss_cache_open(NULL, &set, &bytes, 1, NULL));
    CHECK_INT(found(&set), 6);
    ss_compile_release(&set);
    CHECK(loads()); /* and was kept */
    ss_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_cache__keeps_what_was_compiled),
        TEST(test_cache__damage_is_seen),
        TEST(test_cache__what_others_can_write_is_not_used),
        TEST(test_cache__a_link_is_not_followed),
        TEST(test_cache__keeps_the_last_sets_only),
        TEST(test_cache__without_a_home_there_is_none),
        TEST(test_cache__another_version_finds_the_same),
    };

    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}

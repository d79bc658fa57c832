#include "unit.h"

#include <secscan_git.h>

#include <git2.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * The whole library over a small repository while allocations fail one after
 * the other: out of memory is said, and never a green with less in it.
 */

static const char rules_text[] =
    "[[rules]]\n"
    "id = 'test-token'\n"
    "description = 'test token'\n"
    "category = 'token'\n"
    "severity = 'high'\n"
    "regex = '(?<![A-Za-z0-9])tok_[A-Za-z0-9]{24}(?![A-Za-z0-9])'\n"
    "[[rules]]\n"
    "id = 'test-env'\n"
    "description = 'env'\n"
    "category = 'hygiene'\n"
    "severity = 'low'\n"
    "path = '(?:^|/)\\.env$'\n";

typedef struct fixture {
    char dir[64];
    /* HEAD, HEAD~1, and an annotated tag of HEAD */
    char head[41], before[41], tag[41];
    secscan_rules *rules;
    secscan_policy *policy;
} fixture;

static void make_token(char out[64], unsigned seed)
{
    static const char digits[] = "q7Zr2WmK9xLp4TdV8sHn3Bc6";
    uint32_t random = 12345 + seed;

    strncpy(out, "k tok_", 63);
    for (unsigned i = 0; i < 24; i++) {
        random = random * 1664525u + 1013904223u;
        out[6 + i] = digits[(random >> 16) % 24];
    }
    strncpy(out + 30, "\n", 3);
}

static void commit(git_repository *repo, const char *name, unsigned seed)
{
    git_index *index;
    git_oid tree_id, id, head;
    git_tree *tree;
    git_signature *who;
    git_commit *parent = NULL;
    git_index_entry entry = {.mode = GIT_FILEMODE_BLOB, .path = name};
    char text[64];
    int has_parent;

    make_token(text, seed);
    CHECK_OK(git_repository_index(&index, repo));
    CHECK_OK(git_index_add_from_buffer(index, &entry, text, strlen(text)));
    CHECK_OK(git_index_write(index));
    CHECK_OK(git_index_write_tree(&tree_id, index));
    CHECK_OK(git_tree_lookup(&tree, repo, &tree_id));
    CHECK_OK(git_signature_new(&who, "A", "a@example.com", 1700000000, 0));
    has_parent = !git_reference_name_to_id(&head, repo, "HEAD");
    if (has_parent)
        CHECK_OK(git_commit_lookup(&parent, repo, &head));
    CHECK_OK(git_commit_create_v(&id, repo, "HEAD", who, who, NULL, "m", tree,
                                 (size_t)has_parent, parent));
    git_commit_free(parent);
    git_signature_free(who);
    git_tree_free(tree);
    git_index_free(index);
}

static void stage(git_repository *repo, const char *name, unsigned seed)
{
    git_index_entry entry = {.mode = GIT_FILEMODE_BLOB, .path = name};
    git_index *index;
    char text[64];

    make_token(text, seed);
    CHECK_OK(git_repository_index(&index, repo));
    CHECK_OK(git_index_add_from_buffer(index, &entry, text, strlen(text)));
    CHECK_OK(git_index_write(index));
    git_index_free(index);
}

static void tag_head(fixture *f, git_repository *repo)
{
    git_oid id, tag;
    git_commit *head;
    git_signature *who;
    char message[64];

    make_token(message, 9);
    CHECK_OK(git_reference_name_to_id(&id, repo, "HEAD"));
    CHECK_OK(git_commit_lookup(&head, repo, &id));
    CHECK_OK(git_signature_new(&who, "A", "a@example.com", 1700000000, 0));
    CHECK_OK(git_tag_annotation_create(&tag, repo, "v1",
                                       (const git_object *)head, who, message));
    git_oid_tostr(f->head, sizeof(f->head), &id);
    git_oid_tostr(f->tag, sizeof(f->tag), &tag);
    git_oid_tostr(f->before, sizeof(f->before), git_commit_parent_id(head, 0));
    git_signature_free(who);
    git_commit_free(head);
}

static int make_repository(void **state)
{
    static fixture f;
    git_repository *repo;

    strncpy(f.dir, "/tmp/secscan-git-XXXXXX", sizeof(f.dir) - 1);
    CHECK(mkdtemp(f.dir) != NULL);
    git_libgit2_init();
    CHECK_OK(git_repository_init(&repo, f.dir, 0));
    commit(repo, "d/a", 1);
    commit(repo, "d/b", 2);
    commit(repo, ".env", 3);
    stage(repo, "staged", 4);
    tag_head(&f, repo);
    git_repository_free(repo);
    git_libgit2_shutdown();
    CHECK_OK(secscan_rules_parse(&f.rules, rules_text, strlen(rules_text), NULL,
                                 NULL));
    *state = &f;
    return 0;
}

static int remove_directory(const char *dir)
{
    char command[128] = "rm -rf ";

    strncat(command, dir, 100);
    return system(command);
}

static int remove_repository(void **state)
{
    fixture *f = *state;

    secscan_rules_free(f->rules);
    return remove_directory(f->dir);
}

static const char lfs_id[] =
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

static void write_file(const char *dir, const char *name, const char *text)
{
    char path[256];
    FILE *file;

    snprintf(path, sizeof(path), "mkdir -p $(dirname %s/%s)", dir, name);
    CHECK_OK(system(path));
    snprintf(path, sizeof(path), "%s/%s", dir, name);
    file = fopen(path, "w");
    CHECK(file != NULL);
    CHECK(fputs(text, file) >= 0);
    fclose(file);
}

/* An LFS object and its pointer. */
static void add_lfs(git_repository *repo, const char *dir)
{
    git_index_entry entry = {.mode = GIT_FILEMODE_BLOB, .path = "big"};
    git_index *index;
    char name[128], text[256];

    make_token(text, 7);
    snprintf(name, sizeof(name), ".git/lfs/objects/01/23/%s", lfs_id);
    write_file(dir, name, text);
    snprintf(text, sizeof(text),
             "version https://git-lfs.github.com/spec/v1\noid sha256:%s\n"
             "size 1\n",
             lfs_id);
    CHECK_OK(git_repository_index(&index, repo));
    CHECK_OK(git_index_add_from_buffer(index, &entry, text, strlen(text)));
    CHECK_OK(git_index_write(index));
    git_index_free(index);
}

/* A repository in the work tree, as a submodule, and one that git keeps. */
static void add_submodules(git_repository *repo, const char *dir)
{
    git_index_entry entry = {.mode = GIT_FILEMODE_COMMIT, .path = "sub"};
    char path[128];
    git_repository *inside;
    git_index *index;

    snprintf(path, sizeof(path), "%s/sub", dir);
    CHECK_OK(git_repository_init(&inside, path, 0));
    commit(inside, "a", 5);
    CHECK_OK(git_reference_name_to_id(&entry.id, inside, "HEAD"));
    git_repository_free(inside);
    snprintf(path, sizeof(path), "%s/.git/modules/kept", dir);
    CHECK_OK(git_repository_init(&inside, path, 0));
    commit(inside, "b", 6);
    git_repository_free(inside);
    CHECK_OK(git_repository_index(&index, repo));
    CHECK_OK(git_index_add(index, &entry));
    CHECK_OK(git_index_write(index));
    git_index_free(index);
}

typedef struct outcome {
    int rc, is_complete;
    size_t n_findings;
    unsigned long n_allocations;
} outcome;

static int count(void *ctx, const secscan_finding *finding)
{
    outcome *out = ctx;

    CHECK(finding->n_places > 0);
    out->n_findings++;
    return 0;
}

static outcome scan(const fixture *f, uint32_t mode, unsigned long fail_at)
{
    secscan_scan_options scan_options = {
        .size = sizeof(scan_options), .threads = 1, .policy = f->policy};
    const secscan_git_update update = {"refs/tags/v1", f->before, f->tag};
    secscan_git_options options = {.size = sizeof(options),
                                   .mode = mode,
                                   .flags = SECSCAN_GIT_OWNS_LIBGIT2,
                                   .range = "HEAD~1..HEAD",
                                   .updates = &update,
                                   .n_updates = 1,
                                   .remote = "origin"};
    outcome out = {0, 0, 0, 0};
    secscan_sink sink = {.size = sizeof(sink), .ctx = &out, .finding = count};
    secscan_scanner *scanner;

    CHECK_OK(secscan_scanner_new(&scanner, f->rules, &scan_options, NULL));
    ss_alloc_fail_at(fail_at);
    out.rc = secscan_scan_git(scanner, f->dir, &options, &sink, NULL);
    out.n_allocations = ss_alloc_count();
    ss_alloc_fail_at(0);
    out.is_complete = (int)secscan_scanner_coverage(scanner)->is_complete;
    secscan_scanner_free(scanner);
    return out;
}

/* Every `step`th allocation fails, one in each scan. */
static void sweep(const fixture *f, uint32_t mode, size_t n_findings,
                  unsigned long step)
{
    outcome whole = scan(f, mode, 0);

    CHECK_OK(whole.rc);
    CHECK(whole.is_complete);
    CHECK_INT(whole.n_findings, n_findings);
    for (unsigned long n = 1; n <= whole.n_allocations; n += step) {
        outcome out = scan(f, mode, n);

        CHECK(out.rc == 0 || out.rc == SECSCAN_ERR_NOMEM);
        CHECK(!out.is_complete || out.n_findings == n_findings);
    }
}

static void test_secscan_git__history_without_memory_is_not_green(void **state)
{
    sweep(*state, SECSCAN_GIT_HISTORY, 6, 1);
}

static void test_secscan_git__submodules_and_lfs_without_memory(void **state)
{
    fixture f = *(const fixture *)*state;
    git_repository *repo;

    strncpy(f.dir, "/tmp/secscan-git-XXXXXX", sizeof(f.dir) - 1);
    CHECK(mkdtemp(f.dir) != NULL);
    git_libgit2_init();
    CHECK_OK(git_repository_init(&repo, f.dir, 0));
    add_lfs(repo, f.dir);
    add_submodules(repo, f.dir);
    commit(repo, "own", 8);
    git_repository_free(repo);
    git_libgit2_shutdown();
    sweep(&f, SECSCAN_GIT_HISTORY, 4, 3);
    CHECK_OK(remove_directory(f.dir));
}

static void test_secscan_git__range_without_memory_is_not_green(void **state)
{
    sweep(*state, SECSCAN_GIT_RANGE, 2, 1);
}

static void test_secscan_git__staged_without_memory_is_not_green(void **state)
{
    sweep(*state, SECSCAN_GIT_STAGED, 1, 1);
}

/* What the commit brings in, and what the tag says. */
static void test_secscan_git__push_without_memory_is_not_green(void **state)
{
    sweep(*state, SECSCAN_GIT_PUSH, 3, 1);
}

static int locate(const fixture *f, unsigned long fail_at,
                  unsigned long *n_allocations)
{
    const secscan_git_location *at = NULL;
    int rc;

    ss_alloc_fail_at(fail_at);
    rc = secscan_git_locate(&at, f->dir, NULL);
    *n_allocations = ss_alloc_count();
    ss_alloc_fail_at(0);
    if (!rc)
        CHECK_OK(strcmp(at->git_dir + strlen(at->git_dir) - 6, "/.git/"));
    secscan_git_location_free(at);
    return rc;
}

static void test_secscan_git__locate_without_memory(void **state)
{
    unsigned long n, ignored;

    CHECK_OK(locate(*state, 0, &n));
    for (unsigned long i = 1; i <= n; i++) {
        int rc = locate(*state, i, &ignored);

        CHECK(rc == 0 || rc == SECSCAN_ERR_NOMEM);
    }
    secscan_git_location_free(NULL);
}

static void test_secscan_git__push_needs_whole_updates(void **state)
{
    const fixture *f = *state;
    secscan_git_update update = {"refs/tags/v1", f->before, NULL};
    secscan_git_options options = {
        .size = sizeof(options), .mode = SECSCAN_GIT_PUSH, .n_updates = 1};
    secscan_scanner *scanner;

    CHECK_OK(secscan_scanner_new(&scanner, f->rules, NULL, NULL));
    CHECK_INT(secscan_scan_git(scanner, f->dir, &options, NULL, NULL),
              SECSCAN_ERR_ARG);
    options.updates = &update;
    CHECK_INT(secscan_scan_git(scanner, f->dir, &options, NULL, NULL),
              SECSCAN_ERR_ARG);
    update.new_id = f->tag;
    CHECK_OK(secscan_scan_git(scanner, f->dir, &options, NULL, NULL));
    secscan_scanner_free(scanner);
}

/* ---- what hides findings ---- */

static int keep_first(void *ctx, const secscan_finding *finding)
{
    char *id = ctx;

    if (!*id)
        snprintf(id, 32, "%s", finding->fingerprint);
    return 0;
}

/* An entry that hides the first finding of the history everywhere. */
static void hide_first(char line[64], const fixture *f)
{
    char id[32] = "";
    secscan_sink sink = {
        .size = sizeof(sink), .ctx = id, .finding = keep_first};
    secscan_scanner *scanner;

    CHECK_OK(secscan_scanner_new(&scanner, f->rules, NULL, NULL));
    CHECK_OK(secscan_scan_git(scanner, f->dir, NULL, &sink, NULL));
    secscan_scanner_free(scanner);
    snprintf(line, 64, "%s everywhere\n", id);
}

static void test_secscan_git__hiding_without_memory_is_not_green(void **state)
{
    fixture f = *(const fixture *)*state;
    char line[64];
    const secscan_policy_text texts[] = {
        {"a", line, 0, SECSCAN_POLICY_IGNORE, 0},
        {"b", "a:test-token:9\n", 15, SECSCAN_POLICY_GITLEAKS_IGNORE, 0}};
    secscan_policy_text own[2];
    secscan_policy_options options = {
        .size = sizeof(options), .texts = own, .n_texts = 2};

    hide_first(line, &f);
    memcpy(own, texts, sizeof(own));
    own[0].len = strlen(line);
    CHECK_OK(secscan_policy_new(&f.policy, &options, NULL));
    sweep(&f, SECSCAN_GIT_HISTORY, 5, 1);
    secscan_policy_free(f.policy);
}

static void sweep_policy(const fixture *f, uint32_t mode, uint32_t flags)
{
    const secscan_git_update update = {"refs/tags/v1", f->before, f->tag};
    const secscan_git_options git = {.size = sizeof(git),
                                     .mode = mode,
                                     .range = "HEAD~1..HEAD",
                                     .updates = &update,
                                     .n_updates = 1};
    const secscan_policy_options options = {.size = sizeof(options),
                                            .flags = flags};
    int rc = SECSCAN_ERR_NOMEM;
    unsigned long n = 0;

    while (rc == SECSCAN_ERR_NOMEM && n < 5000) {
        secscan_policy *policy = NULL;

        ss_alloc_fail_at(++n);
        rc = secscan_git_policy(&policy, f->dir, &git, &options, NULL);
        ss_alloc_fail_at(0);
        CHECK(rc || policy);
        secscan_policy_free(policy);
    }
    CHECK_OK(rc);
    CHECK(n > 5);
}

static void test_secscan_git__policies_without_memory(void **state)
{
    sweep_policy(*state, SECSCAN_GIT_HISTORY, 0);
    sweep_policy(*state, SECSCAN_GIT_RANGE, 0);
    sweep_policy(*state, SECSCAN_GIT_PUSH, 0);
    sweep_policy(*state, SECSCAN_GIT_PUSH, SECSCAN_POLICY_ADOPT);
    sweep_policy(*state, SECSCAN_GIT_STAGED, 0);
    sweep_policy(*state, SECSCAN_GIT_STAGED, SECSCAN_POLICY_ADOPT);
}

static void sweep_base_file(const fixture *f, uint32_t mode, uint32_t flags,
                            const char *wanted)
{
    static const char *const names[] = {"staged", ".env", NULL};
    const secscan_git_update update = {"refs/tags/v1", f->before, f->tag};
    const secscan_git_options git = {.size = sizeof(git),
                                     .mode = mode,
                                     .range = "HEAD~1..HEAD",
                                     .updates = &update,
                                     .n_updates = 1};
    int rc = SECSCAN_ERR_NOMEM;
    unsigned long n = 0;

    while (rc == SECSCAN_ERR_NOMEM && n < 5000) {
        const secscan_git_file *file = NULL;

        ss_alloc_fail_at(++n);
        rc = secscan_git_base_file(&file, f->dir, names, &git, flags, NULL);
        ss_alloc_fail_at(0);
        CHECK(rc || file);
        if (!rc)
            CHECK(wanted ? file->name && !strcmp(file->name, wanted) &&
                               strlen(file->text) == file->len
                         : !file->name && !file->text);
        if (!rc)
            CHECK_INT(file->is_work_tree, mode == SECSCAN_GIT_HISTORY);
        if (!rc && !flags && mode != SECSCAN_GIT_HISTORY)
            CHECK_STR(file->commit,
                      mode == SECSCAN_GIT_STAGED ? f->head : f->before);
        secscan_git_file_free(file);
    }
    CHECK_OK(rc);
    CHECK(n > 5);
}

static void test_secscan_git__base_files_without_memory(void **state)
{
    sweep_base_file(*state, SECSCAN_GIT_HISTORY, 0, NULL);
    sweep_base_file(*state, SECSCAN_GIT_RANGE, 0, NULL);
    sweep_base_file(*state, SECSCAN_GIT_RANGE, SECSCAN_POLICY_ADOPT, ".env");
    sweep_base_file(*state, SECSCAN_GIT_PUSH, 0, NULL);
    sweep_base_file(*state, SECSCAN_GIT_PUSH, SECSCAN_POLICY_ADOPT, ".env");
    sweep_base_file(*state, SECSCAN_GIT_STAGED, 0, ".env");
    sweep_base_file(*state, SECSCAN_GIT_STAGED, SECSCAN_POLICY_ADOPT, "staged");
}

static void test_secscan_git__a_base_file_needs_all_arguments(void **state)
{
    static const char *const names[] = {"a", NULL};
    const secscan_git_file *file = NULL;

    (void)state;
    CHECK_INT(secscan_git_base_file(&file, "/", names, NULL, 0, NULL),
              SECSCAN_ERR_GIT);
    CHECK_INT(secscan_git_base_file(&file, ".", NULL, NULL, 0, NULL),
              SECSCAN_ERR_ARG);
    CHECK_INT(secscan_git_base_file(NULL, ".", names, NULL, 0, NULL),
              SECSCAN_ERR_ARG);
    CHECK_INT(secscan_git_base_file(&file, ".", names, NULL, 1, NULL),
              SECSCAN_ERR_ARG);
    CHECK(!file);
}

static void test_secscan_git__a_policy_needs_a_repository(void **state)
{
    const secscan_git_options range = {.size = sizeof(range),
                                       .mode = SECSCAN_GIT_RANGE};
    secscan_policy *policy = NULL;

    (void)state;
    CHECK_INT(secscan_git_policy(&policy, "/", NULL, NULL, NULL),
              SECSCAN_ERR_GIT);
    CHECK_INT(secscan_git_policy(&policy, ".", &range, NULL, NULL),
              SECSCAN_ERR_ARG);
    CHECK_INT(secscan_git_policy(NULL, ".", NULL, NULL, NULL), SECSCAN_ERR_ARG);
    CHECK(!policy);
}

static void test_secscan_git__unknown_options_are_refused(void **state)
{
    const fixture *f = *state;
    secscan_git_options options = {.size = sizeof(options), .mode = 9};
    secscan_scanner *scanner;

    CHECK_OK(secscan_scanner_new(&scanner, f->rules, NULL, NULL));
    CHECK_INT(secscan_scan_git(scanner, f->dir, &options, NULL, NULL),
              SECSCAN_ERR_ARG);
    options.mode = SECSCAN_GIT_RANGE;
    CHECK_INT(secscan_scan_git(scanner, f->dir, &options, NULL, NULL),
              SECSCAN_ERR_ARG);
    options.mode = SECSCAN_GIT_HISTORY;
    options.flags = 0x80;
    CHECK_INT(secscan_scan_git(scanner, f->dir, &options, NULL, NULL),
              SECSCAN_ERR_ARG);
    options.flags = 0;
    options.cache_key_len = 16;
    CHECK_INT(secscan_scan_git(scanner, f->dir, &options, NULL, NULL),
              SECSCAN_ERR_ARG);
    options.cache_key_len = 0;
    CHECK_OK(secscan_scan_git(scanner, f->dir, &options, NULL, NULL));
    secscan_scanner_free(scanner);
}

static void test_secscan_git__lists_have_what_they_say(void **state)
{
    const fixture *f = *state;
    const char *const none[] = {NULL};
    secscan_git_options options = {
        .size = sizeof(options), .mode = SECSCAN_GIT_RANGE, .n_commits = 1};
    secscan_scanner *scanner;

    CHECK_OK(secscan_scanner_new(&scanner, f->rules, NULL, NULL));
    CHECK_INT(secscan_scan_git(scanner, f->dir, &options, NULL, NULL),
              SECSCAN_ERR_ARG);
    options.commits = none;
    CHECK_INT(secscan_scan_git(scanner, f->dir, &options, NULL, NULL),
              SECSCAN_ERR_ARG);
    options.n_commits = 0;
    options.mode = SECSCAN_GIT_STAGED;
    options.n_object_dirs = 1;
    CHECK_INT(secscan_scan_git(scanner, f->dir, &options, NULL, NULL),
              SECSCAN_ERR_ARG);
    secscan_scanner_free(scanner);
}

static void test_secscan_git__a_path_that_is_not_there_is_named(void **state)
{
    const fixture *f = *state;
    secscan_error err = {0};
    secscan_scanner *scanner;

    CHECK_OK(secscan_scanner_new(&scanner, f->rules, NULL, NULL));
    CHECK_INT(secscan_scan_git(scanner, "/nowhere/at/all", NULL, NULL, &err),
              SECSCAN_ERR_GIT);
    CHECK_INT(err.code, SECSCAN_ERR_GIT);
    CHECK(strstr(err.message, "/nowhere/at/all") != NULL);
    secscan_scanner_free(scanner);
}

static int stop_at_once(void *ctx, const secscan_finding *finding)
{
    (void)finding;
    ++*(int *)ctx;
    return 1;
}

static void test_secscan_git__a_callback_may_stop_it(void **state)
{
    const fixture *f = *state;
    int n = 0;
    secscan_sink sink = {
        .size = sizeof(sink), .ctx = &n, .finding = stop_at_once};
    secscan_scanner *scanner;

    CHECK_OK(secscan_scanner_new(&scanner, f->rules, NULL, NULL));
    CHECK_INT(secscan_scan_git(scanner, f->dir, NULL, &sink, NULL),
              SECSCAN_STOPPED);
    CHECK_INT(n, 1);
    CHECK(!secscan_scanner_coverage(scanner)->is_complete);
    secscan_scanner_free(scanner);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_secscan_git__history_without_memory_is_not_green),
        TEST(test_secscan_git__submodules_and_lfs_without_memory),
        TEST(test_secscan_git__range_without_memory_is_not_green),
        TEST(test_secscan_git__staged_without_memory_is_not_green),
        TEST(test_secscan_git__push_without_memory_is_not_green),
        TEST(test_secscan_git__push_needs_whole_updates),
        TEST(test_secscan_git__locate_without_memory),
        TEST(test_secscan_git__hiding_without_memory_is_not_green),
        TEST(test_secscan_git__policies_without_memory),
        TEST(test_secscan_git__base_files_without_memory),
        TEST(test_secscan_git__a_base_file_needs_all_arguments),
        TEST(test_secscan_git__a_policy_needs_a_repository),
        TEST(test_secscan_git__unknown_options_are_refused),
        TEST(test_secscan_git__lists_have_what_they_say),
        TEST(test_secscan_git__a_path_that_is_not_there_is_named),
        TEST(test_secscan_git__a_callback_may_stop_it),
    };

    return cmocka_run_group_tests(tests, make_repository, remove_repository);
}

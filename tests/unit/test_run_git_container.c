/*
 * test_run_git_container.c: containers of a toy format in a repository: what of
 * them is found by history, range and index, and under which paths.
 */
#include "unit.h"

#include "base/buf.h"
#include "toy_container.h"

#include <secscan_git.h>

#include <git2.h>

#include <unistd.h>

#define RULES                                                                  \
    "[[rules]]\nid = 'tok'\ndescription = 'a token'\nregex = "                 \
    "'tok_[a-z]{6}(?![a-z])'\nseverity = 'high'\n"                             \
    "[[rules]]\nid = 'env'\npath = '(?:^|/)\\.env$'\ncategory = 'hygiene'\n"

#define A "tok_qvzkmw"
#define B "tok_wpxlgh"

typedef struct fixture {
    char dir[64], cache[64];
    git_repository *repo;
    secscan_rules *rules;
    ss_buf text; /* of the last scan: a line for each finding and skip */
    size_t n_findings;
} fixture;

static const secscan_opener *give(void *ctx)
{
    (void)ctx;
    return (const secscan_opener *)(const void *)&toy_opener;
}

static void stage(const fixture *f, const char *path, const void *bytes,
                  size_t len)
{
    git_index_entry entry = {.mode = GIT_FILEMODE_BLOB, .path = path};
    git_index *index;

    CHECK_OK(git_repository_index(&index, f->repo));
    CHECK_OK(git_index_add_from_buffer(index, &entry, bytes, len));
    CHECK_OK(git_index_write(index));
    git_index_free(index);
}

static void unstage(const fixture *f, const char *path)
{
    git_index *index;

    CHECK_OK(git_repository_index(&index, f->repo));
    CHECK_OK(git_index_remove_bypath(index, path));
    CHECK_OK(git_index_write(index));
    git_index_free(index);
}

static void commit(const fixture *f)
{
    git_oid tree_id, id, head;
    git_index *index;
    git_tree *tree;
    git_signature *who;
    git_commit *parent = NULL;
    int has_parent;

    CHECK_OK(git_repository_index(&index, f->repo));
    CHECK_OK(git_index_write_tree(&tree_id, index));
    CHECK_OK(git_tree_lookup(&tree, f->repo, &tree_id));
    CHECK_OK(git_signature_new(&who, "A", "a@example.com", 1700000000, 0));
    has_parent = !git_reference_name_to_id(&head, f->repo, "HEAD");
    if (has_parent)
        CHECK_OK(git_commit_lookup(&parent, f->repo, &head));
    CHECK_OK(git_commit_create_v(&id, f->repo, "HEAD", who, who, NULL, "m",
                                 tree, (size_t)has_parent, parent));
    git_commit_free(parent);
    git_signature_free(who);
    git_tree_free(tree);
    git_index_free(index);
}

/* A container with one member. */
static void stage_one(const fixture *f, const char *path, const char *member,
                      const char *text)
{
    ss_buf c = SS_BUF_INIT(1 << 20);

    ss_buf_printf(&c, "%sM %s %zu\n%s", TOY_RPM, member, strlen(text), text);
    stage(f, path, c.data, c.len);
    ss_buf_release(&c);
}

static int start(void **state)
{
    static fixture f;

    f = (fixture){.dir = "/tmp/secscan-git-XXXXXX",
                  .cache = "/tmp/secscan-cache-XXXXXX",
                  .text = SS_BUF_INIT(1 << 20)};
    CHECK(mkdtemp(f.dir) != NULL);
    CHECK(mkdtemp(f.cache) != NULL);
    git_libgit2_init();
    CHECK_OK(git_repository_init(&f.repo, f.dir, 0));
    CHECK_OK(secscan_rules_parse(
        &f.rules, RULES, strlen(RULES),
        &(secscan_rules_options){.size = sizeof(secscan_rules_options),
                                 .flags = SECSCAN_RULES_NO_BUILTIN |
                                          SECSCAN_RULES_NO_CACHE},
        NULL));
    *state = &f;
    return 0;
}

static int end(void **state)
{
    fixture *f = *state;
    char command[160];

    secscan_rules_free(f->rules);
    ss_buf_release(&f->text);
    git_repository_free(f->repo);
    git_libgit2_shutdown();
    snprintf(command, sizeof(command), "rm -rf %s %s", f->dir, f->cache);
    return system(command);
}

static int on_finding(void *ctx, const secscan_finding *finding)
{
    fixture *f = ctx;

    f->n_findings++;
    ss_buf_printf(&f->text, "%s", finding->rule);
    for (size_t i = 0; i < finding->n_places; i++)
        ss_buf_printf(&f->text, " %s:%llu",
                      finding->places[i].path ? finding->places[i].path : "-",
                      (unsigned long long)finding->places[i].offset);
    ss_buf_putc(&f->text, '\n');
    return 0;
}

static int on_skip(void *ctx, const secscan_skip *skip)
{
    fixture *f = ctx;

    ss_buf_printf(&f->text, "- %s %s\n", skip->reason,
                  skip->path ? skip->path : "-");
    return 0;
}

typedef struct question {
    uint32_t mode, flags;
    unsigned long fail_at;
    const char *cache;
    unsigned long n_allocations;
    int rc, is_complete;
    uint64_t n_cached, n_containers;
} question;

static void scan(fixture *f, question *q)
{
    const secscan_scan_options scan_options = {.size = sizeof(scan_options),
                                               .threads = 1,
                                               .flags = q->flags,
                                               .opener = give};
    const secscan_git_options options = {.size = sizeof(options),
                                         .mode = q->mode,
                                         .flags = SECSCAN_GIT_OWNS_LIBGIT2,
                                         .range = "HEAD~1..HEAD",
                                         .cache = q->cache};
    const secscan_sink sink = {sizeof(sink), f, on_finding, on_skip, NULL};
    secscan_scanner *scanner;
    const secscan_coverage *coverage;

    ss_buf_reset(&f->text);
    f->n_findings = 0;
    CHECK_OK(secscan_scanner_new(&scanner, f->rules, &scan_options, NULL));
    ss_alloc_fail_at(q->fail_at);
    q->rc = secscan_scan_git(scanner, f->dir, &options, &sink, NULL);
    q->n_allocations = ss_alloc_count();
    ss_alloc_fail_at(0);
    coverage = secscan_scanner_coverage(scanner);
    q->is_complete = (int)coverage->is_complete;
    q->n_cached = coverage->cached;
    q->n_containers = coverage->containers;
    secscan_scanner_free(scanner);
    ss_buf_putc(&f->text, '\0');
}

static void expect(fixture *f, uint32_t mode, const char *text)
{
    question q = {.mode = mode};

    scan(f, &q);
    CHECK_OK(q.rc);
    CHECK_STR((const char *)f->text.data, text);
}

static void test_run_git_container__history_names_members(void **state)
{
    fixture *f = *state;

    stage_one(f, "d/o.rpm", "in/x", "k " A);
    stage_one(f, "e.rpm", ".env", "nothing");
    commit(f);
    stage_one(f, "b/o.rpm", "in/x", "k " A);
    stage(f, "y.zst", TOY_ZSTD B, strlen(TOY_ZSTD B));
    commit(f);
    expect(f, SECSCAN_GIT_HISTORY,
           "tok d/o.rpm!in/x:2 b/o.rpm!in/x:2\n"
           "env e.rpm!.env:0\n"
           "tok y.zst!y:0\n");
}

static void test_run_git_container__members_of_no_commit_are_told(void **state)
{
    fixture *f = *state;
    git_oid id;

    stage_one(f, "a", "x", "nothing");
    commit(f);
    CHECK_OK(git_blob_create_from_buffer(&id, f->repo, TOY_RPM "M x 10\n" A,
                                         sizeof(TOY_RPM "M x 10\n" A) - 1));
    expect(f, SECSCAN_GIT_HISTORY, "tok !x:0\n");
}

static void test_run_git_container__damage_is_told_with_its_member(void **state)
{
    fixture *f = *state;

    stage(f, "a", TOY_RPM "B x\n", strlen(TOY_RPM "B x\n"));
    commit(f);
    expect(f, SECSCAN_GIT_HISTORY, "- corrupt !x\n");
    stage(f, "b", TOY_RPM "B y\n", strlen(TOY_RPM "B y\n"));
    commit(f);
    expect(f, SECSCAN_GIT_RANGE, "- corrupt b!y\n");
}

static void test_run_git_container__range_tells_what_is_new(void **state)
{
    fixture *f = *state;

    stage_one(f, "a.rpm", "x", A);
    commit(f);
    stage_one(f, "b.rpm", "y", "k " B);
    commit(f);
    expect(f, SECSCAN_GIT_RANGE, "tok b.rpm!y:2\n");
}

static void test_run_git_container__moved_secret_is_not_new(void **state)
{
    fixture *f = *state;

    stage_one(f, "a.rpm", "x", A);
    commit(f);
    unstage(f, "a.rpm");
    stage_one(f, "b.rpm", "y", "moved " A);
    expect(f, SECSCAN_GIT_STAGED, "");
    stage_one(f, "c.rpm", "y", B);
    expect(f, SECSCAN_GIT_STAGED, "tok c.rpm!y:0\n");
}

static void test_run_git_container__cache_knows_what_was_opened(void **state)
{
    fixture *f = *state;
    question bytes = {.flags = SECSCAN_SCAN_NO_CONTAINERS, .cache = f->cache};
    question opened = {.cache = f->cache};

    stage_one(f, "a.rpm", "x", "nothing");
    commit(f);
    scan(f, &bytes);
    scan(f, &bytes);
    CHECK_INT(bytes.n_containers, 0);
    CHECK(bytes.n_cached > 0);
    scan(f, &opened);
    CHECK_INT(opened.n_cached, 0);
    CHECK_INT(opened.n_containers, 1);
    scan(f, &opened);
    CHECK(opened.n_cached > 0);
    CHECK_INT(opened.n_containers, 0);
}

/* Every allocation fails, one in each scan. */
static void sweep(fixture *f, uint32_t mode)
{
    question whole = {.mode = mode};
    size_t n;

    scan(f, &whole);
    CHECK_OK(whole.rc);
    n = f->n_findings;
    CHECK(n > 0);
    for (unsigned long i = 1; i <= whole.n_allocations; i++) {
        question q = {.mode = mode, .fail_at = i};

        scan(f, &q);
        CHECK(q.rc == 0 || q.rc == SECSCAN_ERR_NOMEM);
        if (q.is_complete && f->n_findings != n)
            print_message("%u %lu %s", mode, i, (const char *)f->text.data);
        CHECK(!q.is_complete || f->n_findings == n);
    }
}

static void test_run_git_container__without_memory_is_not_green(void **state)
{
    fixture *f = *state;

    stage_one(f, "a.rpm", "x", A);
    commit(f);
    stage_one(f, "b.rpm", ".env", "k " B);
    commit(f);
    sweep(f, SECSCAN_GIT_HISTORY);
    sweep(f, SECSCAN_GIT_RANGE);
    stage_one(f, "c.rpm", "in.rpm",
              TOY_RPM "M x 10\ntok_"
                      "plmokn");
    sweep(f, SECSCAN_GIT_STAGED);
}

#define IN_REPOSITORY(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_REPOSITORY(test_run_git_container__history_names_members),
        IN_REPOSITORY(test_run_git_container__members_of_no_commit_are_told),
        IN_REPOSITORY(test_run_git_container__damage_is_told_with_its_member),
        IN_REPOSITORY(test_run_git_container__range_tells_what_is_new),
        IN_REPOSITORY(test_run_git_container__moved_secret_is_not_new),
        IN_REPOSITORY(test_run_git_container__cache_knows_what_was_opened),
        IN_REPOSITORY(test_run_git_container__without_memory_is_not_green),
    };

    return RUN(tests);
}

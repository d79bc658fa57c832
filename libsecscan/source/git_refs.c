/*
 * git_refs.c: refs, logs and the shallow list, read from their files.
 * In: the git directory and the common one. Out: ids, each with a name and a
 * kind, and how many are damaged.
 */
#include "git.h"

#include "base/alloc.h"
#include "os/dir.h"
#include "os/file.h"
#include "source/reftable.h"

#include <stdlib.h>

#define MAX_REF_FILE ((size_t)1 << 20)
#define MAX_REFS_FILE ((size_t)1 << 31)
#define MAX_DEPTH 128 /* of directories under refs/ */

typedef struct reader {
    ss_git_refs *out;
    size_t id_len;
    int has_reftable; /* refs/ holds only a word to other programs then */
    ss_buf path;      /* of the file being read, NUL-terminated */
    size_t name_at;   /* where the ref's own name begins in it */
    /* NULL: all. Else names that begin otherwise are passed over, and packed
     * ones that are among the first `n_loose`, which are sorted. */
    const char *prefix;
    size_t n_loose;
    ss_buf text; /* the file */
    secscan_error *err;
} reader;

/* Path `dir` + `name`; what ss_buf could not hold shows in path.failed. */
static void set_path(reader *r, const char *dir, const char *name)
{
    ss_buf_reset(&r->path);
    ss_buf_puts(&r->path, dir);
    ss_buf_add(&r->path, name, strlen(name) + 1);
}

static const char *path_of(const reader *r)
{
    return (const char *)r->path.data;
}

/* The file at r->path in r->text; *found 0 when there is none. */
static int read_text(reader *r, size_t max, int *found)
{
    *found = 0;
    if (r->path.failed)
        return ss_fail_nomem(r->err);
    return ss_file_read_regular(&r->text, path_of(r), max, found, r->err);
}

static int compare_names(const void *left, const void *right)
{
    const ss_git_root *a = left, *b = right;

    return strcmp(a->name, b->name);
}

static int is_passed_over(const reader *r, const char *name)
{
    const ss_git_root wanted = {.name = name};

    if (!r->prefix)
        return 0;
    return strncmp(name, r->prefix, strlen(r->prefix)) != 0 ||
           (r->n_loose && bsearch(&wanted, r->out->roots.at, r->n_loose,
                                  sizeof(wanted), compare_names));
}

static int add_root(reader *r, const char *name, const ss_oid *id,
                    ss_git_root_kind kind)
{
    ss_git_root root = {NULL, *id, kind};

    if (is_passed_over(r, name))
        return 0;
    root.name = ss_arena_str(&r->out->arena, name, strlen(name));
    if (!root.name || SS_VEC_PUSH(&r->out->roots, root))
        return ss_fail_nomem(r->err);
    if (kind != SS_ROOT_REFLOG && kind != SS_ROOT_PSEUDO)
        r->out->n_refs++;
    return 0;
}

static ss_git_root_kind kind_of(const char *name)
{
    if (strncmp(name, "refs/notes/", 11) == 0)
        return SS_ROOT_NOTE;
    return strcmp(name, "refs/stash") == 0 ? SS_ROOT_STASH : SS_ROOT_REF;
}

/* A loose ref. A symbolic one names another that is read itself. */
static int read_loose(reader *r, const char *name, ss_git_root_kind kind)
{
    ss_oid id;
    int found, rc;

    rc = read_text(r, MAX_REF_FILE, &found);
    if (rc || !found)
        return rc;
    if (ss_bytes_starts(ss_buf_bytes(&r->text), "ref:"))
        return 0;
    if (ss_oid_read(&id, ss_buf_bytes(&r->text), r->id_len)) {
        r->out->n_damaged++;
        return 0;
    }
    return ss_oid_is_zero(&id) ? 0 : add_root(r, name, &id, kind);
}

/* ---- logs ------------------------------------------------------------- */

static int add_log_id(reader *r, const char *name, ss_bytes hex)
{
    int is_stash = strcmp(name, "logs/refs/stash") == 0;
    ss_oid id;

    if (ss_oid_read(&id, hex, r->id_len))
        return -1;
    if (ss_oid_is_zero(&id))
        return 0;
    return add_root(r, name, &id, is_stash ? SS_ROOT_STASH : SS_ROOT_REFLOG);
}

/* "<old> <new> Name <mail> time zone\tmessage": both ids are roots. */
static int read_log_line(reader *r, const char *name, ss_bytes line,
                         ss_buf *messages)
{
    const size_t hex = 2 * r->id_len;
    const uint8_t *tab;
    int rc = -1;

    if (line.len > 2 * hex + 1) {
        rc = add_log_id(r, name, ss_bytes_of(line.data, hex));
        if (!rc)
            rc = add_log_id(r, name, ss_bytes_of(line.data + hex + 1, hex));
    }
    if (rc == SECSCAN_ERR_NOMEM)
        return rc;
    r->out->n_damaged += rc != 0;
    tab = line.len ? memchr(line.data, '\t', line.len) : NULL;
    if (tab)
        ss_buf_add(messages, tab + 1, line.len - (size_t)(tab + 1 - line.data));
    ss_buf_putc(messages, '\n');
    return 0;
}

/* A log's text, whichever way it is kept. */
static int read_log_text(reader *r, const char *name, ss_bytes in)
{
    ss_buf messages = SS_BUF_INIT(MAX_REFS_FILE);
    ss_git_log log = {NULL, {NULL, 0}};
    ss_bytes line;
    int rc = 0;

    while (!rc && ss_bytes_line(&line, &in))
        rc = read_log_line(r, name, line, &messages);
    if (rc)
        goto out;
    log.path = ss_arena_str(&r->out->arena, name, strlen(name));
    log.messages.data =
        ss_arena_copy(&r->out->arena, messages.data, messages.len);
    log.messages.len = messages.len;
    if (messages.failed || !log.path || !log.messages.data ||
        SS_VEC_PUSH(&r->out->logs, log))
        rc = ss_fail_nomem(r->err);
out:
    ss_buf_release(&messages);
    return rc;
}

static int read_log(reader *r, const char *name)
{
    int found;
    int rc = read_text(r, MAX_REFS_FILE, &found);

    return rc || !found ? rc : read_log_text(r, name, ss_buf_bytes(&r->text));
}

/* ---- directories ------------------------------------------------------ */

static int read_file(reader *r)
{
    const char *name = path_of(r) + r->name_at;
    size_t len = strlen(name);

    if (len > 5 && strcmp(name + len - 5, ".lock") == 0)
        return 0;
    if (strncmp(name, "logs/", 5) == 0)
        return read_log(r, name);
    return read_loose(r, name, kind_of(name));
}

static int walk(reader *r, int depth);

/* Refs deeper than we go are not passed over: they would seem unreachable. */
static int read_entry(reader *r, ss_file_kind kind, int depth)
{
    if (kind == SS_FILE_REGULAR)
        return read_file(r);
    if (kind == SS_FILE_NONE)
        return 0; /* packed or deleted since */
    if (kind == SS_FILE_DIRECTORY && depth < MAX_DEPTH)
        return walk(r, depth + 1);
    r->out->n_damaged++;
    return 0;
}

/* Everything below r->path, a directory. */
static int walk(reader *r, int depth)
{
    size_t len = r->path.len - 1;
    ss_dir dir = SS_DIR_INIT;
    const char *name, *why;
    ss_file_kind kind;
    ss_file_info info;
    int rc = 0, more = 0;

    if (ss_dir_open(&dir, path_of(r), 1, &why)) {
        if (!ss_file_stat(path_of(r), 1, &info, NULL))
            r->out->n_damaged += info.kind == SS_FILE_DIRECTORY;
        return 0;
    }
    while (!rc) {
        more = ss_dir_next(&dir, &name, &kind, &why);
        if (more <= 0)
            break;
        if (name[0] == '.')
            continue;
        r->path.len = len;
        ss_buf_putc(&r->path, '/');
        ss_buf_add(&r->path, name, strlen(name) + 1);
        if (r->path.failed)
            rc = ss_fail_nomem(r->err);
        if (!rc)
            rc = ss_file_stat(path_of(r), 1, &info, r->err);
        if (!rc)
            rc = read_entry(r, info.kind, depth);
    }
    r->out->n_damaged += !rc && more < 0;
    ss_dir_close(&dir);
    r->path.len = len + 1;
    r->path.data[len] = '\0';
    return rc;
}

static int walk_under(reader *r, const char *dir, const char *name)
{
    set_path(r, dir, name);
    r->name_at = strlen(dir);
    return r->path.failed ? ss_fail_nomem(r->err) : walk(r, 0);
}

static int read_packed(reader *r, const char *common_dir)
{
    ss_bytes in, line;
    ss_oid id;
    int found, rc;

    set_path(r, common_dir, "packed-refs");
    rc = read_text(r, MAX_REFS_FILE, &found);
    if (rc || !found)
        return rc;
    in = ss_buf_bytes(&r->text);
    while (!rc && ss_bytes_line(&line, &in)) {
        char name[4096];
        size_t at = 2 * r->id_len + 1, len = line.len - at;

        if (!line.len || line.data[0] == '#' || line.data[0] == '^')
            continue;
        if (line.len <= at || len >= sizeof(name) ||
            ss_oid_read(&id, line, r->id_len)) {
            r->out->n_damaged++;
            continue;
        }
        memcpy(name, line.data + at, len);
        name[len] = '\0';
        rc = add_root(r, name, &id, kind_of(name));
    }
    return rc;
}

/* One id a line: MERGE_HEAD, FETCH_HEAD, shallow. */
static int read_ids(reader *r, const char *dir, const char *name,
                    int (*add)(reader *, const char *, const ss_oid *))
{
    ss_bytes in, line;
    ss_oid id;
    int found, rc;

    set_path(r, dir, name);
    rc = read_text(r, MAX_REFS_FILE, &found);
    if (rc || !found)
        return rc;
    in = ss_buf_bytes(&r->text);
    while (!rc && ss_bytes_line(&line, &in)) {
        if (ss_oid_read(&id, line, r->id_len) == 0)
            rc = add(r, name, &id);
    }
    return rc;
}

static int add_pseudo(reader *r, const char *name, const ss_oid *id)
{
    return add_root(r, name, id, SS_ROOT_PSEUDO);
}

static int add_merge_head(reader *r, const char *name, const ss_oid *id)
{
    (void)name;
    return SS_VEC_PUSH(&r->out->merge_heads, *id) ? ss_fail_nomem(r->err) : 0;
}

static int add_shallow(reader *r, const char *name, const ss_oid *id)
{
    (void)name;
    return SS_VEC_PUSH(&r->out->shallow, *id) ? ss_fail_nomem(r->err) : 0;
}

/* ---- reftables -------------------------------------------------------- */

/* The entries from `at` on that are of one ref; *at moves behind them. */
static int read_table_log(reader *r, const ss_reftable *table, size_t *at)
{
    const char *ref = table->logs.at[*at].name;
    ss_buf name = SS_BUF_INIT(MAX_REF_FILE);
    int rc;

    ss_buf_reset(&r->text);
    for (; *at < table->logs.len && strcmp(table->logs.at[*at].name, ref) == 0;
         ++*at)
        ss_reftable_print(&r->text, &table->logs.at[*at], r->id_len);
    ss_buf_puts(&name, "logs/");
    ss_buf_add(&name, ref, strlen(ref) + 1);
    rc =
        name.failed || r->text.failed
            ? ss_fail_nomem(r->err)
            : read_log_text(r, (const char *)name.data, ss_buf_bytes(&r->text));
    ss_buf_release(&name);
    return rc;
}

static ss_git_root_kind kind_in_table(const char *name)
{
    if (strncmp(name, "refs/", 5) == 0 || strcmp(name, "HEAD") == 0)
        return kind_of(name);
    return SS_ROOT_PSEUDO;
}

static int add_table(reader *r, const ss_reftable *table)
{
    int rc = 0;

    for (size_t i = 0; !rc && i < table->refs.len; i++) {
        const ss_reftable_ref *ref = &table->refs.at[i];

        if (!ref->is_deleted && !ref->link)
            rc = add_root(r, ref->name, &ref->id, kind_in_table(ref->name));
    }
    for (size_t at = 0; !rc && at < table->logs.len;)
        rc = read_table_log(r, table, &at);
    return rc;
}

static int read_stack(reader *r, const char *dir)
{
    ss_reftable table = {.id_len = 0};
    int rc;

    set_path(r, dir, "reftable/");
    rc = r->path.failed
             ? ss_fail_nomem(r->err)
             : ss_reftable_read(&table, path_of(r), r->id_len, r->err);
    if (!rc)
        rc = add_table(r, &table);
    ss_reftable_release(&table);
    return rc;
}

/* ---- work trees ------------------------------------------------------- */

/* HEAD and the pseudo-refs of one worktree. */
static int read_worktree(reader *r, const char *dir)
{
    static const char *const names[] = {
        "ORIG_HEAD",   "MERGE_HEAD",  "CHERRY_PICK_HEAD", "REVERT_HEAD",
        "REBASE_HEAD", "BISECT_HEAD", "FETCH_HEAD",       "AUTO_MERGE"};
    int rc;

    set_path(r, dir, "HEAD");
    rc = read_loose(r, "HEAD", SS_ROOT_REF);
    for (size_t i = 0; !rc && i < sizeof(names) / sizeof(names[0]); i++)
        rc = read_ids(r, dir, names[i], add_pseudo);
    if (!rc && r->has_reftable)
        return read_stack(r, dir);
    if (!rc)
        rc = walk_under(r, dir, "refs");
    return rc ? rc : walk_under(r, dir, "logs");
}

static int read_worktrees(reader *r, const char *common_dir)
{
    ss_buf dir = SS_BUF_INIT(MAX_REF_FILE);
    ss_dir list = SS_DIR_INIT;
    const char *name, *why;
    ss_file_kind kind;
    int rc = 0;

    set_path(r, common_dir, "worktrees");
    if (r->path.failed || ss_dir_open(&list, path_of(r), 1, &why))
        return 0;
    while (!rc && ss_dir_next(&list, &name, &kind, &why) > 0) {
        if (name[0] == '.')
            continue;
        ss_buf_reset(&dir);
        ss_buf_puts(&dir, common_dir);
        ss_buf_puts(&dir, "worktrees/");
        ss_buf_puts(&dir, name);
        ss_buf_add(&dir, "/", 2);
        rc = dir.failed ? ss_fail_nomem(r->err)
                        : read_worktree(r, (const char *)dir.data);
    }
    ss_dir_close(&list);
    ss_buf_release(&dir);
    return rc;
}

static reader reader_of(ss_git_refs *out, const ss_git *git, secscan_error *err)
{
    return (reader){.out = out,
                    .id_len = ss_git_id_len(git),
                    .has_reftable = ss_git_reftable(git, 0) != NULL,
                    .path = SS_BUF_INIT(MAX_REF_FILE),
                    .text = SS_BUF_INIT(MAX_REFS_FILE),
                    .err = err};
}

static void release_reader(reader *r)
{
    ss_buf_release(&r->path);
    ss_buf_release(&r->text);
}

int ss_git_heads_read(ss_git_refs *out, const ss_git *git, secscan_error *err)
{
    reader r = reader_of(out, git, err);
    int rc;

    rc = ss_git_ref_read(&out->head, &out->has_head, git, "HEAD", err);
    if (!rc)
        rc = read_ids(&r, ss_git_dir(git), "MERGE_HEAD", add_merge_head);
    if (!rc)
        rc = read_ids(&r, ss_git_common_dir(git), "shallow", add_shallow);
    release_reader(&r);
    return rc;
}

static int compare_roots(const void *left, const void *right)
{
    const ss_git_root *a = left, *b = right;
    int order = strcmp(a->name, b->name);

    return order ? order : memcmp(a->id.id, b->id.id, sizeof(a->id.id));
}

static int compare_logs(const void *left, const void *right)
{
    const ss_git_log *a = left, *b = right;

    return strcmp(a->path, b->path);
}

/* A loose ref hides a packed one of its name: both may stand here, and what
 * the packed one reached is in the history all the same. */
static void sort(ss_git_refs *out)
{
    if (out->roots.len)
        qsort(out->roots.at, out->roots.len, sizeof(*out->roots.at),
              compare_roots);
    if (out->logs.len)
        qsort(out->logs.at, out->logs.len, sizeof(*out->logs.at), compare_logs);
}

int ss_git_refs_read(ss_git_refs *out, const ss_git *git, secscan_error *err)
{
    reader r = reader_of(out, git, err);
    const char *common_dir = ss_git_common_dir(git);
    int rc;

    rc = ss_git_heads_read(out, git, err);
    if (!rc)
        rc = read_worktree(&r, common_dir);
    if (!rc)
        rc = read_packed(&r, common_dir);
    if (!rc)
        rc = read_worktrees(&r, common_dir);
    release_reader(&r);
    sort(out);
    return rc;
}

static int read_below(reader *r, const ss_git *git, const char *prefix)
{
    const ss_reftable *table = ss_git_reftable(git, 0);
    ss_git_refs *out = r->out;
    int rc = 0;

    for (size_t i = 0; table && !rc && i < table->refs.len; i++) {
        const ss_reftable_ref *ref = &table->refs.at[i];

        if (!ref->is_deleted && !ref->link)
            rc = add_root(r, ref->name, &ref->id, kind_of(ref->name));
    }
    if (table)
        return rc;
    set_path(r, ss_git_common_dir(git), prefix);
    if (r->path.failed)
        return ss_fail_nomem(r->err);
    r->path.len--; /* without the last slash, as walk takes it */
    r->path.data[r->path.len - 1] = '\0';
    r->name_at = strlen(ss_git_common_dir(git));
    rc = walk(r, 0);
    if (out->roots.len)
        qsort(out->roots.at, out->roots.len, sizeof(*out->roots.at),
              compare_names);
    r->n_loose = out->roots.len;
    return rc ? rc : read_packed(r, ss_git_common_dir(git));
}

int ss_git_refs_below(ss_git_refs *out, const ss_git *git, const char *prefix,
                      secscan_error *err)
{
    reader r = reader_of(out, git, err);
    int rc;

    r.prefix = prefix;
    rc = read_below(&r, git, prefix);
    release_reader(&r);
    return rc;
}

void ss_git_refs_release(ss_git_refs *refs)
{
    SS_VEC_RELEASE(&refs->roots);
    SS_VEC_RELEASE(&refs->logs);
    SS_VEC_RELEASE(&refs->shallow);
    SS_VEC_RELEASE(&refs->merge_heads);
    ss_arena_release(&refs->arena);
    memset(refs, 0, sizeof(*refs));
}

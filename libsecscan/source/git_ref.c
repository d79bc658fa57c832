/*
 * git_ref.c: a ref is a file of its own or a line of packed-refs; or a record
 * of a reftable (reftable.h). The file counts where both are.
 */
#include "git_ref.h"

#include "os/file.h"
#include "source/reftable.h"

#define MAX_REF_FILE ((size_t)1 << 20)
#define MAX_REFS_FILE ((size_t)1 << 31)
#define MAX_LINKS 5

/* Each work tree has its own of these. */
static int is_own(const char *name)
{
    static const char *const own[] = {"refs/bisect/", "refs/worktree/",
                                      "refs/rewritten/"};

    if (strncmp(name, "refs/", 5) != 0)
        return 1;
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        if (strncmp(name, own[i], strlen(own[i])) == 0)
            return 1;
    }
    return 0;
}

static const char *dir_of(const ss_git *git, const char *name)
{
    return is_own(name) ? ss_git_dir(git) : ss_git_common_dir(git);
}

static int read_file(ss_buf *out, const char *dir, const char *kind,
                     const char *name, size_t max, int *found,
                     secscan_error *err)
{
    ss_buf path = SS_BUF_INIT(MAX_REF_FILE);
    int rc;

    *found = 0;
    ss_buf_puts(&path, dir);
    ss_buf_puts(&path, kind);
    ss_buf_add(&path, name, strlen(name) + 1);
    rc = path.failed ? ss_fail_nomem(err)
                     : ss_file_read_regular(out, (const char *)path.data, max,
                                            found, err);
    ss_buf_release(&path);
    return rc;
}

static int fail_damaged(const char *name, secscan_error *err)
{
    return ss_fail(err, SECSCAN_ERR_GIT, "%.100s is damaged", name);
}

static int set_link(ss_git_ref *out, ss_bytes text, const char *name,
                    secscan_error *err)
{
    while (text.len && text.data[0] <= ' ') {
        text.data++;
        text.len--;
    }
    while (text.len && text.data[text.len - 1] <= ' ')
        text.len--;
    if (!text.len || text.len >= sizeof(out->link))
        return fail_damaged(name, err);
    memcpy(out->link, text.data, text.len);
    out->link[text.len] = '\0';
    out->is_there = 1;
    return 0;
}

static int parse(ss_git_ref *out, ss_bytes text, const char *name,
                 size_t id_len, secscan_error *err)
{
    if (ss_bytes_starts(text, "ref:"))
        return set_link(out, ss_bytes_of(text.data + 4, text.len - 4), name,
                        err);
    out->is_there = !ss_oid_read(&out->id, text, id_len);
    return out->is_there ? 0 : fail_damaged(name, err);
}

static int find_packed(ss_git_ref *out, const ss_git *git, const char *name,
                       ss_buf *text, secscan_error *err)
{
    const size_t at = 2 * ss_git_id_len(git) + 1;
    const ss_bytes wanted = ss_bytes_str(name);
    ss_bytes in, line;
    int found;
    int rc = read_file(text, ss_git_common_dir(git), "", "packed-refs",
                       MAX_REFS_FILE, &found, err);

    in = found ? ss_buf_bytes(text) : (ss_bytes){NULL, 0};
    while (!rc && !out->is_there && ss_bytes_line(&line, &in)) {
        if (line.len <= at ||
            !ss_bytes_equal(ss_bytes_of(line.data + at, line.len - at), wanted))
            continue;
        out->is_there = !ss_oid_read(&out->id, line, ss_git_id_len(git));
        if (!out->is_there)
            rc = fail_damaged(name, err);
    }
    return rc;
}

/* A name that would lead out of the directory of refs is none. */
static int is_safe(const char *name)
{
    return name[0] && name[0] != '/' && !strstr(name, "..") &&
           name[strlen(name) - 1] != '/';
}

/* "refs/heads/a" is a directory where a branch "a/b" is. */
static int is_directory(int *out, const char *dir, const char *name,
                        secscan_error *err)
{
    ss_buf path = SS_BUF_INIT(MAX_REF_FILE);
    ss_file_info info = {.kind = SS_FILE_NONE};
    int rc;

    ss_buf_puts(&path, dir);
    ss_buf_add(&path, name, strlen(name) + 1);
    rc = path.failed ? ss_fail_nomem(err)
                     : ss_file_stat((const char *)path.data, 1, &info, err);
    *out = info.kind == SS_FILE_DIRECTORY;
    ss_buf_release(&path);
    return rc;
}

static int look_in_files(ss_git_ref *out, const ss_git *git, const char *name,
                         secscan_error *err)
{
    ss_buf text = SS_BUF_INIT(MAX_REFS_FILE);
    int found = 0, is_dir = 0;
    int rc = is_directory(&is_dir, dir_of(git, name), name, err);

    if (!rc && !is_dir)
        rc = read_file(&text, dir_of(git, name), "", name, MAX_REF_FILE, &found,
                       err);
    if (!rc && found)
        rc = parse(out, ss_buf_bytes(&text), name, ss_git_id_len(git), err);
    else if (!rc)
        rc = find_packed(out, git, name, &text, err);
    ss_buf_release(&text);
    return rc;
}

/* Two are files all the same: they are more than refs. */
static int is_file(const char *name)
{
    return strcmp(name, "FETCH_HEAD") == 0 || strcmp(name, "MERGE_HEAD") == 0;
}

static int look_in_table(ss_git_ref *out, const ss_reftable *table,
                         const char *name, secscan_error *err)
{
    const ss_reftable_ref *ref = ss_reftable_find(table, name);

    if (!ref)
        return 0;
    if (ref->link)
        return set_link(out, ss_bytes_str(ref->link), name, err);
    out->id = ref->id;
    out->is_there = 1;
    return 0;
}

int ss_git_ref_look(ss_git_ref *out, const ss_git *git, const char *name,
                    secscan_error *err)
{
    const ss_reftable *table = ss_git_reftable(git, is_own(name));

    memset(out, 0, sizeof(*out));
    if (!is_safe(name))
        return 0;
    if (table && !is_file(name))
        return look_in_table(out, table, name, err);
    return look_in_files(out, git, name, err);
}

int ss_git_ref_read(ss_oid *out, int *found, const ss_git *git,
                    const char *name, secscan_error *err)
{
    ss_git_ref ref;
    char next[SS_REF_NAME_MAX];
    int rc;

    *found = 0;
    if (strlen(name) >= sizeof(next))
        return 0;
    memcpy(next, name, strlen(name) + 1);
    for (int i = 0; i <= MAX_LINKS; i++) {
        rc = ss_git_ref_look(&ref, git, next, err);
        if (rc)
            return rc;
        if (!ref.link[0]) {
            *found = ref.is_there;
            *out = ref.id;
            return 0;
        }
        memcpy(next, ref.link, sizeof(next));
    }
    return ss_fail(err, SECSCAN_ERR_GIT, "%.100s leads in a circle", name);
}

int ss_git_ref_log(ss_buf *out, const ss_git *git, const char *name,
                   secscan_error *err)
{
    const ss_reftable *table = ss_git_reftable(git, is_own(name));
    int found;

    if (!is_safe(name))
        return 0;
    for (size_t i = 0; table && i < table->logs.len; i++) {
        if (strcmp(table->logs.at[i].name, name) == 0)
            ss_reftable_print(out, &table->logs.at[i], table->id_len);
    }
    if (table)
        return out->failed ? ss_fail_nomem(err) : 0;
    return read_file(out, dir_of(git, name), "logs/", name, MAX_REFS_FILE,
                     &found, err);
}

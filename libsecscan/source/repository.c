/*
 * repository.c: find .git (a directory, a file or a link to either) or a bare
 * repository, and read from its configuration what decides how it is read.
 * An extension that is not known is refused, as git does: it may mean anything.
 */
#include "repository.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "os/dir.h"
#include "source/git_config.h"

#define MAX_PATH_LEN ((size_t)1 << 16)
#define MAX_LINK ((size_t)64 << 10)
#define MAX_CONFIG ((size_t)16 << 20)

/* ---- files ------------------------------------------------------------ */

static int join(ss_buf *out, const char *dir, const char *name,
                secscan_error *err)
{
    ss_buf_reset(out);
    ss_buf_puts(out, dir);
    ss_buf_add(out, name, strlen(name) + 1);
    return out->failed ? ss_fail_nomem(err) : 0;
}

/* What cannot be told is as if it were not there. */
static int look_at(ss_file_kind *out, const char *dir, const char *name,
                   int follow, secscan_error *err)
{
    ss_buf path = SS_BUF_INIT(MAX_PATH_LEN);
    ss_file_info info;
    int rc = join(&path, dir, name, err);

    *out = SS_FILE_NONE;
    if (!rc && !ss_file_stat((const char *)path.data, follow, &info, NULL))
        *out = info.kind;
    ss_buf_release(&path);
    return rc;
}

/* A regular file; *found 0 when there is nothing of the name. */
static int read_file(ss_buf *out, const char *dir, const char *name, size_t max,
                     int *found, secscan_error *err)
{
    ss_buf path = SS_BUF_INIT(MAX_PATH_LEN);
    int rc = join(&path, dir, name, err);

    if (!rc)
        rc =
            ss_file_read_regular(out, (const char *)path.data, max, found, err);
    ss_buf_release(&path);
    return rc;
}

/* `named` as a file in `dir` names it, with a slash at its end. */
static const char *resolve(ss_repository *r, const char *dir, ss_bytes named)
{
    size_t len = named.data[0] == '/' ? 0 : strlen(dir);
    char *out = ss_arena_alloc(&r->arena, len + named.len + 2);

    if (!out)
        return NULL;
    memcpy(out, dir, len);
    memcpy(out + len, named.data, named.len);
    memcpy(out + len + named.len, "/", 2);
    return out;
}

static ss_bytes first_line(ss_bytes text)
{
    ss_bytes line = {NULL, 0};

    if (!ss_bytes_line(&line, &text))
        return line;
    while (line.len &&
           (line.data[line.len - 1] == '\r' || line.data[line.len - 1] == '\0'))
        line.len--;
    return line;
}

/* ---- discovery -------------------------------------------------------- */

/* What git asks of a directory: HEAD, and the common one has the rest. */
static int is_git_dir(int *out, const char *dir, secscan_error *err)
{
    ss_file_kind head, common = SS_FILE_NONE, objects = SS_FILE_NONE,
                       refs = SS_FILE_NONE;
    int rc = look_at(&head, dir, "HEAD", 0, err);

    if (!rc)
        rc = look_at(&common, dir, "commondir", 1, err);
    if (!rc)
        rc = look_at(&objects, dir, "objects", 1, err);
    if (!rc)
        rc = look_at(&refs, dir, "refs", 1, err);
    *out = head != SS_FILE_NONE && head != SS_FILE_DIRECTORY &&
           (common != SS_FILE_NONE ||
            (objects == SS_FILE_DIRECTORY && refs == SS_FILE_DIRECTORY));
    return rc;
}

/* "gitdir: path" in the file .git. */
static int follow_link(ss_repository *r, const char *dir, secscan_error *err)
{
    ss_buf text = SS_BUF_INIT(MAX_LINK);
    const char *named;
    ss_bytes line;
    int found = 0, is_one = 0, rc;

    rc = read_file(&text, dir, ".git", MAX_LINK, &found, err);
    if (rc)
        goto out;
    line = first_line(ss_buf_bytes(&text));
    if (line.len <= 8 || !ss_bytes_starts(line, "gitdir: ")) {
        rc = ss_fail(err, SECSCAN_ERR_GIT,
                     "%.140s.git does not name a repository", dir);
        goto out;
    }
    named = resolve(r, dir, ss_bytes_of(line.data + 8, line.len - 8));
    rc = named ? is_git_dir(&is_one, named, err) : ss_fail_nomem(err);
    if (!rc && is_one)
        r->git_dir = named;
    else if (!rc)
        rc = ss_fail(err, SECSCAN_ERR_GIT,
                     "%.140s.git names what is no repository", dir);
out:
    ss_buf_release(&text);
    return rc;
}

static int look_below(ss_repository *r, const char *dir, secscan_error *err)
{
    const char *below = resolve(r, dir, ss_bytes_str(".git"));
    int is_one = 0;
    int rc = below ? is_git_dir(&is_one, below, err) : ss_fail_nomem(err);

    if (is_one)
        r->git_dir = below;
    return rc;
}

/* `dir` ends with a slash. r->git_dir stays NULL when there is none in it. */
static int look_in(ss_repository *r, const char *dir, secscan_error *err)
{
    ss_file_kind kind;
    int is_one = 0;
    int rc = look_at(&kind, dir, ".git", 1, err);

    if (!rc && kind == SS_FILE_REGULAR)
        return follow_link(r, dir, err);
    if (!rc && kind == SS_FILE_DIRECTORY)
        rc = look_below(r, dir, err);
    if (!rc && !r->git_dir)
        rc = is_git_dir(&is_one, dir, err);
    if (is_one)
        r->git_dir = ss_arena_str(&r->arena, dir, strlen(dir));
    return is_one && !r->git_dir ? ss_fail_nomem(err) : rc;
}

static int look_above(ss_repository *r, const char *path, secscan_error *err)
{
    ss_buf dir = SS_BUF_INIT(MAX_PATH_LEN);
    char *real = NULL;
    size_t len;
    int rc = ss_dir_real_path(&real, path, err);

    if (rc == SECSCAN_ERR_IO)
        return ss_fail(err, SECSCAN_ERR_GIT,
                       "no git repository at %.140s, which cannot be reached",
                       path);
    if (rc)
        return rc;
    for (len = strlen(real); !rc && !r->git_dir;) {
        ss_buf_reset(&dir);
        ss_buf_add(&dir, real, len);
        if (!len || real[len - 1] != '/')
            ss_buf_putc(&dir, '/');
        ss_buf_putc(&dir, '\0');
        if (dir.failed)
            rc = ss_fail_nomem(err);
        else
            rc = look_in(r, (const char *)dir.data, err);
        if (!len)
            break;
        while (len && real[len - 1] != '/')
            len--;
        len -= len != 0;
    }
    ss_free(real);
    ss_buf_release(&dir);
    if (!rc && !r->git_dir)
        rc = ss_fail(err, SECSCAN_ERR_GIT,
                     "no git repository at or above %.140s", path);
    return rc;
}

/* A linked work tree names what it shares. */
static int find_common_dir(ss_repository *r, secscan_error *err)
{
    ss_buf text = SS_BUF_INIT(MAX_LINK);
    ss_file_kind objects = SS_FILE_NONE;
    ss_bytes line;
    int found = 0, rc;

    rc = read_file(&text, r->git_dir, "commondir", MAX_LINK, &found, err);
    line = first_line(ss_buf_bytes(&text));
    if (!rc && found && !line.len)
        rc = ss_fail(err, SECSCAN_ERR_GIT, "%.140scommondir is empty",
                     r->git_dir);
    if (!rc)
        r->common_dir = found ? resolve(r, r->git_dir, line) : r->git_dir;
    if (!rc && !r->common_dir)
        rc = ss_fail_nomem(err);
    if (!rc)
        rc = look_at(&objects, r->common_dir, "objects", 1, err);
    if (!rc && objects != SS_FILE_DIRECTORY)
        rc = ss_fail(err, SECSCAN_ERR_GIT, "%.140s has no objects",
                     r->common_dir);
    ss_buf_release(&text);
    return rc;
}

/* ---- configuration ---------------------------------------------------- */

static int keep_value(void *ctx, const char *name, const char *value)
{
    ss_repository *r = ctx;
    ss_bytes key = ss_bytes_str(name);
    ss_map_entry *entry = ss_map_get(&r->config, key);

    if (!value)
        value = "true";
    if (!entry) {
        key.data = (uint8_t *)ss_arena_str(&r->arena, name, key.len);
        entry = key.data ? ss_map_put(&r->config, key, NULL) : NULL;
    }
    if (entry)
        entry->value.ptr = ss_arena_str(&r->arena, value, strlen(value));
    if (!entry || !entry->value.ptr)
        return SECSCAN_ERR_NOMEM;
    return 0;
}

static int read_config(ss_repository *r, secscan_error *err)
{
    ss_buf text = SS_BUF_INIT(MAX_CONFIG);
    int found = 0, rc;

    rc = read_file(&text, r->common_dir, "config", MAX_CONFIG, &found, err);
    if (!rc)
        rc = ss_git_config_each(ss_buf_bytes(&text), keep_value, r, err);
    if (rc == SECSCAN_ERR_NOMEM)
        rc = ss_fail_nomem(err);
    ss_buf_release(&text);
    return rc;
}

const char *ss_repository_config(const ss_repository *r, const char *name)
{
    const ss_map_entry *entry = ss_map_get(&r->config, ss_bytes_str(name));

    return entry ? entry->value.ptr : NULL;
}

static int is_equal(const char *value, const char *expected)
{
    return value && strcmp(value, expected) == 0;
}

/* Extensions that change nothing for a reader of objects and refs, and those
 * that are looked at below. */
static int is_known(const char *name)
{
    static const char *const known[] = {"noop",
                                        "noop-v1",
                                        "preciousobjects",
                                        "partialclone",
                                        "worktreeconfig",
                                        "relativeworktrees",
                                        "objectformat",
                                        "compatobjectformat",
                                        "refstorage"};

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcmp(name, known[i]) == 0)
            return 1;
    }
    return 0;
}

static int check_extensions(const ss_repository *r, secscan_error *err)
{
    for (size_t i = 0; i < r->config.len; i++) {
        const char *name = (const char *)r->config.entries[i].key.data;

        if (strncmp(name, "extensions.", 11) == 0 && !is_known(name + 11))
            return ss_fail(err, SECSCAN_ERR_GIT,
                           "the repository uses an extension that is not "
                           "known: %.60s",
                           name + 11);
    }
    return 0;
}

static int check_version(const ss_repository *r, int *version,
                         secscan_error *err)
{
    const char *text = ss_repository_config(r, "core.repositoryformatversion");

    *version = is_equal(text, "1");
    if (!text || is_equal(text, "0"))
        return 0;
    if (!*version)
        return ss_fail(err, SECSCAN_ERR_GIT,
                       "the repository's format is version %.10s, which is not "
                       "known",
                       text);
    return check_extensions(r, err);
}

static int set_format(ss_repository *r, secscan_error *err)
{
    const char *hash = ss_repository_config(r, "extensions.objectformat");
    const char *refs = ss_repository_config(r, "extensions.refstorage");

    r->id_len = is_equal(hash, "sha256") ? 32 : 20;
    if (hash && r->id_len == 20 && !is_equal(hash, "sha1"))
        return ss_fail(err, SECSCAN_ERR_GIT,
                       "the repository uses %.20s object ids, which are not "
                       "known",
                       hash);
    r->has_reftable = is_equal(refs, "reftable");
    if (refs && !r->has_reftable && !is_equal(refs, "files"))
        return ss_fail(err, SECSCAN_ERR_GIT,
                       "the repository keeps its refs in %.20s, which is not "
                       "known",
                       refs);
    return 0;
}

static int has_promisor(const ss_repository *r)
{
    if (ss_repository_config(r, "extensions.partialclone"))
        return 1;
    for (size_t i = 0; i < r->config.len; i++) {
        const ss_map_entry *e = &r->config.entries[i];
        const char *name = (const char *)e->key.data;

        if (strncmp(name, "remote.", 7) == 0 && e->key.len > 16 &&
            strcmp(name + e->key.len - 9, ".promisor") == 0 &&
            ss_git_config_is_true(e->value.ptr))
            return 1;
    }
    return 0;
}

static int check_format(ss_repository *r, secscan_error *err)
{
    int version = 0;
    int rc = check_version(r, &version, err);

    if (!rc)
        rc = set_format(r, err);
    if (rc)
        return rc;
    if (!version && (r->id_len != 20 || r->has_reftable))
        return ss_fail(err, SECSCAN_ERR_GIT,
                       "the repository has extensions that its format version "
                       "0 does not know");
    r->is_partial = has_promisor(r);
    return 0;
}

int ss_repository_find(ss_repository *out, const char *path, secscan_error *err)
{
    int rc;

    rc = look_above(out, path, err);
    if (!rc)
        rc = find_common_dir(out, err);
    if (!rc)
        rc = read_config(out, err);
    return rc ? rc : check_format(out, err);
}

void ss_repository_release(ss_repository *repository)
{
    ss_map_release(&repository->config);
    ss_arena_release(&repository->arena);
    memset(repository, 0, sizeof(*repository));
}

/*
 * git.c: open a repository and read its objects: by odb.h, or, for comparison,
 * by git_by_name.h.
 */
#include "git.h"

#include "base/alloc.h"
#include "git_by_name.h"
#include "git_store.h"
#include "source/odb.h"
#include "source/reftable.h"
#include "source/repository.h"

#include <secscan_git.h>

struct ss_git {
    ss_repository repository;
    ss_reftable own, shared; /* refs, where they are not in files */
    ss_odb *odb;
    ss_git_by_name *by_name; /* NULL unless it is asked for */
};

static int open_objects(ss_git *git, uint32_t flags, secscan_error *err)
{
    const char *common_dir = git->repository.common_dir;
    ss_buf path = SS_BUF_INIT((size_t)1 << 16);
    int rc = 0;

    ss_buf_puts(&path, common_dir);
    ss_buf_add(&path, "objects/", 9);
    if (path.failed)
        rc = ss_fail_nomem(err);
    if (!rc)
        rc = ss_odb_open(&git->odb, (const char *)path.data,
                         git->repository.id_len, err);
    if (!rc && (flags & SECSCAN_GIT_BY_NAME))
        rc = ss_git_by_name_open(&git->by_name, (const char *)path.data,
                                 (flags & SECSCAN_GIT_OWNS_LIBGIT2) != 0, err);
    ss_buf_release(&path);
    return rc;
}

static int open_reftable(ss_reftable *out, const ss_git *git, const char *dir,
                         secscan_error *err)
{
    ss_buf path = SS_BUF_INIT((size_t)1 << 16);
    int rc;

    ss_buf_puts(&path, dir);
    ss_buf_add(&path, "reftable/", 10);
    rc = path.failed ? ss_fail_nomem(err)
                     : ss_reftable_read(out, (const char *)path.data,
                                        git->repository.id_len, err);
    ss_buf_release(&path);
    return rc;
}

/* A linked work tree has a stack of its own beside the one that all share. */
static int open_reftables(ss_git *git, secscan_error *err)
{
    const ss_repository *r = &git->repository;
    int rc = open_reftable(&git->shared, git, r->common_dir, err);

    if (rc || r->git_dir == r->common_dir)
        return rc;
    return open_reftable(&git->own, git, r->git_dir, err);
}

int ss_git_open(ss_git **out, const char *path, uint32_t flags,
                secscan_error *err)
{
    ss_git *git = ss_calloc(1, sizeof(*git));
    int rc;

    if (!git)
        return ss_fail_nomem(err);
    git->repository = (ss_repository)SS_REPOSITORY_INIT;
    rc = ss_repository_find(&git->repository, path, err);
    if (!rc && (flags & SECSCAN_GIT_BY_NAME) && git->repository.id_len != 20)
        rc = ss_fail(err, SECSCAN_ERR_GIT,
                     "libgit2 reads no SHA-256 objects by name");
    if (!rc && git->repository.has_reftable)
        rc = open_reftables(git, err);
    if (!rc)
        rc = open_objects(git, flags, err);
    if (rc)
        ss_git_free(git);
    else
        *out = git;
    return rc;
}

int ss_git_add_objects(ss_git *git, const char *dir, secscan_error *err)
{
    ss_buf path = SS_BUF_INIT((size_t)1 << 16);
    int rc;

    ss_buf_puts(&path, dir);
    ss_buf_add(&path, "/", 2);
    rc = path.failed ? ss_fail_nomem(err)
                     : ss_odb_add_dir(git->odb, (const char *)path.data, err);
    ss_buf_release(&path);
    return rc;
}

void ss_git_free(ss_git *git)
{
    if (!git)
        return;
    ss_git_by_name_free(git->by_name);
    ss_odb_free(git->odb);
    ss_reftable_release(&git->own);
    ss_reftable_release(&git->shared);
    ss_repository_release(&git->repository);
    ss_free(git);
}

size_t ss_git_id_len(const ss_git *git)
{
    return git->repository.id_len;
}

const char *ss_git_dir(const ss_git *git)
{
    return git->repository.git_dir;
}

const char *ss_git_common_dir(const ss_git *git)
{
    return git->repository.common_dir;
}

int ss_git_is_partial(const ss_git *git)
{
    return git->repository.is_partial;
}

const ss_reftable *ss_git_reftable(const ss_git *git, int is_own)
{
    if (!git->repository.has_reftable)
        return NULL;
    if (git->repository.git_dir == git->repository.common_dir)
        return &git->shared;
    return is_own ? &git->own : &git->shared;
}

const char *ss_git_config(const ss_git *git, const char *name)
{
    return ss_repository_config(&git->repository, name);
}

const char *ss_git_remote_next(const ss_git *git, const char *url, size_t *at)
{
    const ss_map *config = &git->repository.config;

    while (*at < config->len) {
        const ss_map_entry *e = &config->entries[(*at)++];
        const char *name = (const char *)e->key.data;

        if (ss_bytes_starts(e->key, "remote.") && e->key.len > 11 &&
            strcmp(name + e->key.len - 4, ".url") == 0 &&
            strcmp(e->value.ptr, url) == 0)
            return name;
    }
    return NULL;
}

/* ---- objects ---------------------------------------------------------- */

static void release(void *handle)
{
    ss_odb_data_release(handle);
}

static int read(ss_git_data *out, ss_git *git, const ss_oid *id,
                uint64_t max_size)
{
    ss_odb_data *data = NULL;
    int rc;

    if (git->by_name)
        return ss_git_by_name_read(out, git->by_name, id, max_size);
    rc = ss_odb_read(&data, git->odb, id, max_size);
    if (rc)
        return rc;
    out->handle = data;
    out->release = release;
    out->kind = (ss_git_kind)data->kind;
    out->bytes = data->bytes;
    return 0;
}

static int look(ss_git_kind *kind, uint64_t *size, ss_git *git,
                const ss_oid *id)
{
    ss_object_kind own = SS_OBJECT_UNKNOWN;
    int rc;

    *size = 0;
    if (git->by_name) {
        rc = ss_git_by_name_look(kind, size, git->by_name, id);
    } else {
        rc = ss_odb_look(&own, size, git->odb, id);
        *kind = (ss_git_kind)own;
    }
    if (rc)
        *kind = SS_GIT_NONE;
    return rc;
}

int ss_git_object_read(ss_git_data *out, ss_git *git, const ss_oid *id,
                       uint64_t max_size, secscan_error *err)
{
    char text[SS_OID_TEXT];
    int rc;

    memset(out, 0, sizeof(*out));
    rc = read(out, git, id, max_size);
    if (!rc)
        return 0;
    ss_oid_write(text, id, git->repository.id_len);
    switch (rc) {
    case SECSCAN_ERR_NOMEM:
        return ss_fail_nomem(err);
    case SECSCAN_ERR_GIT:
        return ss_fail(err, rc, "object %s is missing", text);
    case SECSCAN_ERR_LIMIT:
        return ss_fail(err, rc, "object %s is too large", text);
    default:
        return ss_fail(err, SECSCAN_ERR_CORRUPT, "object %s cannot be read",
                       text);
    }
}

void ss_git_data_release(ss_git_data *data)
{
    if (data->release)
        data->release(data->handle);
    memset(data, 0, sizeof(*data));
}

int ss_git_objects_match(ss_git *git, const ss_oid *prefix, size_t n_digits,
                         ss_oid *out, uint32_t *n)
{
    return ss_odb_match(git->odb, prefix, n_digits, out, n);
}

/* ---- listing ---------------------------------------------------------- */

/* Numbers of the objects whose kind no pack of ours tells. */
static int list_unknown(const ss_git_objects *objects, uint32_t **out,
                        size_t *n)
{
    uint32_t *numbers = ss_alloc(objects->list.len * sizeof(*numbers));

    *n = 0;
    *out = numbers;
    for (size_t i = 0; numbers && i < objects->list.len; i++) {
        if (objects->list.at[i].kind == SS_GIT_NONE)
            numbers[(*n)++] = (uint32_t)i;
    }
    return numbers ? 0 : SECSCAN_ERR_NOMEM;
}

/* Kinds and sizes of those, in the order of the packs. */
static int read_headers(ss_git_objects *out, ss_git *git, secscan_error *err)
{
    uint32_t *numbers = NULL;
    size_t n = 0;
    int rc = list_unknown(out, &numbers, &n);

    if (rc)
        return ss_fail_nomem(err);
    rc = ss_git_store_order(numbers, n, out, err);
    for (size_t i = 0; !rc && i < n; i++) {
        ss_git_object *o = &out->list.at[numbers[i]];

        if (look(&o->kind, &o->size, git, &o->id) == SECSCAN_ERR_NOMEM)
            rc = ss_fail_nomem(err);
    }
    for (size_t i = 0; !rc && i < out->list.len; i++)
        out->n_kind[out->list.at[i].kind]++;
    ss_free(numbers);
    return rc;
}

int ss_git_objects_list(ss_git_objects *out, ss_git *git, secscan_error *err)
{
    int rc =
        ss_git_store_list(out, ss_git_common_dir(git), ss_git_id_len(git), err);

    if (!rc)
        rc = ss_git_store_sort(out, err);
    return rc ? rc : read_headers(out, git, err);
}

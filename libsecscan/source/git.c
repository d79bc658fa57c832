/*
 * git.c: open a repository and read its objects through libgit2's object
 * database. Only git*.c of this folder know git2.h.
 */
#include "git.h"

#include "base/alloc.h"
#include "git_store.h"
#include "os/file.h"

#include <git2.h>

struct ss_git {
    git_repository *repo;
    git_odb *odb;
    size_t id_len;
    int is_partial;
};

/* Extensions that change nothing for a reader of objects, or that secscan
 * reads by itself. */
static const char *const extensions[] = {"worktreeconfig", "preciousobjects",
                                         "partialclone"};

/* No setting of the user's or the machine's means anything to a scan, and a
 * file they include may be a pipe that nobody writes to. */
static int forget_user_config(void)
{
    static const int levels[] = {GIT_CONFIG_LEVEL_PROGRAMDATA,
                                 GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG,
                                 GIT_CONFIG_LEVEL_GLOBAL};
    int rc = 0;

    for (size_t i = 0; !rc && i < sizeof(levels) / sizeof(*levels); i++)
        rc = git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
    return rc;
}

static int own_libgit2(secscan_error *err)
{
    int rc;

    rc = git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    if (!rc)
        rc = git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions,
                              sizeof(extensions) / sizeof(extensions[0]));
    if (!rc)
        rc = forget_user_config();
    /* It hashes what it reads: what comes here is loose, or what a pack's CRC
     * says is damaged, which libgit2 does not look at. */
    /* Each object is read once. */
    if (!rc)
        rc = git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
    /* By itself it never closes a pack. */
    if (!rc)
        rc = git_libgit2_opts(GIT_OPT_SET_MWINDOW_FILE_LIMIT,
                              ss_file_max_open() / 4 + 1);
    return rc ? ss_fail(err, SECSCAN_ERR_GIT, "libgit2 refuses its options")
              : 0;
}

static const char *last_words(void)
{
    const git_error *e = git_error_last();

    return e && e->message ? e->message : "unknown error";
}

static int fail_open(int rc, const char *path, secscan_error *err)
{
    if (rc == GIT_ENOTFOUND)
        return ss_fail(err, SECSCAN_ERR_GIT,
                       "no git repository at or above %.140s", path);
    if (rc == GIT_EOWNER)
        return ss_fail(err, SECSCAN_ERR_GIT,
                       "the repository at %.140s belongs to another user",
                       path);
    if (strstr(last_words(), "extensions.objectformat"))
        return ss_fail(err, SECSCAN_ERR_GIT,
                       "the repository uses SHA-256 object ids, which are not "
                       "supported yet");
    if (strstr(last_words(), "extensions.refstorage"))
        return ss_fail(err, SECSCAN_ERR_GIT,
                       "the repository keeps its refs in reftables, which are "
                       "not supported yet");
    return ss_fail(err, SECSCAN_ERR_GIT, "cannot open the repository: %.160s",
                   last_words());
}

/* The hash is SHA-1 as long as libgit2 opens what it opens; a repository that
 * says otherwise would look empty to it. */
static int check_config(ss_git *git, secscan_error *err)
{
    git_config *config = NULL;
    git_buf text = {0};
    int rc = 0;

    if (git_repository_config_snapshot(&config, git->repo))
        return ss_fail(err, SECSCAN_ERR_GIT,
                       "the repository's configuration cannot be read");
    if (!git_config_get_string_buf(&text, config, "extensions.objectformat") &&
        strcmp(text.ptr, "sha1") != 0)
        rc = ss_fail(err, SECSCAN_ERR_GIT,
                     "the repository uses %.20s object ids, which are not "
                     "supported yet",
                     text.ptr);
    git_buf_dispose(&text);
    if (!rc &&
        !git_config_get_string_buf(&text, config, "extensions.refstorage") &&
        strcmp(text.ptr, "files") != 0)
        rc = ss_fail(err, SECSCAN_ERR_GIT,
                     "the repository keeps its refs in %.20s, which is not "
                     "supported yet",
                     text.ptr);
    git_buf_dispose(&text);
    if (!rc &&
        !git_config_get_string_buf(&text, config, "extensions.partialclone"))
        git->is_partial = 1;
    git_buf_dispose(&text);
    git_config_free(config);
    return rc;
}

static int open_repo(ss_git *git, const char *path, secscan_error *err)
{
    int rc;

    rc = git_repository_open_ext(&git->repo, path, GIT_REPOSITORY_OPEN_CROSS_FS,
                                 NULL);
    /* A submodule's git directory whose work tree is gone is still one. */
    if (rc == GIT_ENOTFOUND && !git_repository_open_bare(&git->repo, path))
        rc = 0;
    if (rc)
        return fail_open(rc, path, err);
    rc = check_config(git, err);
    if (rc)
        return rc;
    rc = git_repository_odb(&git->odb, git->repo);
    if (rc)
        return ss_fail(err, SECSCAN_ERR_GIT,
                       "cannot open the object database: %.160s", last_words());
    return 0;
}

int ss_git_open(ss_git **out, const char *path, int owns_libgit2,
                secscan_error *err)
{
    ss_git *git = NULL;
    int rc = 0;

    if (git_libgit2_init() < 0)
        return ss_fail(err, SECSCAN_ERR_GIT, "libgit2 does not start");
    git = ss_calloc(1, sizeof(*git));
    if (!git) {
        git_libgit2_shutdown();
        return ss_fail_nomem(err);
    }
    git->id_len = GIT_OID_RAWSZ;
    if (owns_libgit2)
        rc = own_libgit2(err);
    if (!rc)
        rc = open_repo(git, path, err);
    if (rc)
        goto out;
    *out = git;
    git = NULL;
out:
    ss_git_free(git);
    return rc;
}

void ss_git_free(ss_git *git)
{
    if (!git)
        return;
    git_odb_free(git->odb);
    git_repository_free(git->repo);
    ss_free(git);
    git_libgit2_shutdown();
}

size_t ss_git_id_len(const ss_git *git)
{
    return git->id_len;
}

const char *ss_git_dir(const ss_git *git)
{
    return git_repository_path(git->repo);
}

const char *ss_git_common_dir(const ss_git *git)
{
    return git_repository_commondir(git->repo);
}

int ss_git_is_partial(const ss_git *git)
{
    return git->is_partial;
}

static ss_git_kind kind_of(git_object_t type)
{
    if (type == GIT_OBJECT_COMMIT)
        return SS_GIT_COMMIT;
    if (type == GIT_OBJECT_TREE)
        return SS_GIT_TREE;
    if (type == GIT_OBJECT_BLOB)
        return SS_GIT_BLOB;
    return type == GIT_OBJECT_TAG ? SS_GIT_TAG : SS_GIT_NONE;
}

static int fail_read(int rc, const ss_oid *id, size_t id_len,
                     secscan_error *err)
{
    char text[SS_OID_TEXT];

    ss_oid_write(text, id, id_len);
    if (rc == GIT_ENOTFOUND)
        return ss_fail(err, SECSCAN_ERR_GIT, "object %s is missing", text);
    return ss_fail(err, SECSCAN_ERR_CORRUPT, "object %s cannot be read", text);
}

static int read_header(ss_git_kind *kind, uint64_t *size, ss_git *git,
                       const ss_oid *id)
{
    git_object_t type;
    git_oid oid;
    size_t len;
    int rc;

    memcpy(oid.id, id->id, GIT_OID_RAWSZ);
    rc = git_odb_read_header(&len, &type, git->odb, &oid);
    if (rc)
        return rc == GIT_ENOTFOUND ? SECSCAN_ERR_GIT : SECSCAN_ERR_CORRUPT;
    *kind = kind_of(type);
    *size = len;
    return 0;
}

int ss_git_object_read(ss_git_data *out, ss_git *git, const ss_oid *id,
                       uint64_t max_size, secscan_error *err)
{
    git_odb_object *object = NULL;
    ss_git_kind kind;
    uint64_t size;
    git_oid oid;
    int rc;

    memset(out, 0, sizeof(*out));
    if (max_size && !read_header(&kind, &size, git, id) && size > max_size)
        return ss_fail(err, SECSCAN_ERR_LIMIT, "object of %llu bytes",
                       (unsigned long long)size);
    memcpy(oid.id, id->id, GIT_OID_RAWSZ);
    rc = git_odb_read(&object, git->odb, &oid);
    if (rc)
        return fail_read(rc, id, git->id_len, err);
    out->handle = object;
    out->kind = kind_of(git_odb_object_type(object));
    out->bytes =
        ss_bytes_of(git_odb_object_data(object), git_odb_object_size(object));
    return 0;
}

void ss_git_data_release(ss_git_data *data)
{
    git_odb_object_free(data->handle);
    memset(data, 0, sizeof(*data));
}

int ss_git_resolve(ss_oid *out, ss_git *git, const char *revision,
                   secscan_error *err)
{
    git_object *object = NULL, *commit = NULL;
    int rc;

    rc = git_revparse_single(&object, git->repo, revision);
    if (!rc)
        rc = git_object_peel(&commit, object, GIT_OBJECT_COMMIT);
    if (rc)
        rc = ss_fail(err, SECSCAN_ERR_GIT,
                     "\"%.100s\" does not name a commit of this repository",
                     revision);
    else
        *out = ss_oid_of(git_object_id(commit)->id, GIT_OID_RAWSZ);
    git_object_free(commit);
    git_object_free(object);
    return rc;
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

        if (read_header(&o->kind, &o->size, git, &o->id)) {
            o->kind = SS_GIT_NONE;
            o->size = 0;
        }
    }
    for (size_t i = 0; !rc && i < out->list.len; i++)
        out->n_kind[out->list.at[i].kind]++;
    ss_free(numbers);
    return rc;
}

int ss_git_objects_list(ss_git_objects *out, ss_git *git, secscan_error *err)
{
    int rc = ss_git_store_list(out, ss_git_common_dir(git), git->id_len, err);

    if (!rc)
        rc = ss_git_store_sort(out, err);
    return rc ? rc : read_headers(out, git, err);
}

/*
 * git_by_name.c: libgit2's object database. The only includer of git2.h.
 */
#include "git_by_name.h"

#include "base/alloc.h"
#include "os/file.h"

#include <git2.h>

struct ss_git_by_name {
    git_odb *odb;
};

static int own_libgit2(secscan_error *err)
{
    int rc;

    /* Hashing every object again costs more than reading it; damage shows in
     * zlib's checksums and in lengths. */
    rc = git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
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

int ss_git_by_name_open(ss_git_by_name **out, const char *objects_dir,
                        int owns_libgit2, secscan_error *err)
{
    ss_git_by_name *made = NULL;
    int rc = 0;

    if (git_libgit2_init() < 0)
        return ss_fail(err, SECSCAN_ERR_GIT, "libgit2 does not start");
    made = ss_calloc(1, sizeof(*made));
    if (!made) {
        git_libgit2_shutdown();
        return ss_fail_nomem(err);
    }
    if (owns_libgit2)
        rc = own_libgit2(err);
    if (!rc && git_odb_open(&made->odb, objects_dir))
        rc = ss_fail(err, SECSCAN_ERR_GIT,
                     "libgit2 cannot open the object database");
    if (rc)
        ss_git_by_name_free(made);
    else
        *out = made;
    return rc;
}

void ss_git_by_name_free(ss_git_by_name *by_name)
{
    if (!by_name)
        return;
    git_odb_free(by_name->odb);
    ss_free(by_name);
    git_libgit2_shutdown();
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

static int status_of(int rc)
{
    if (!rc)
        return 0;
    return rc == GIT_ENOTFOUND ? SECSCAN_ERR_GIT : SECSCAN_ERR_CORRUPT;
}

int ss_git_by_name_look(ss_git_kind *kind, uint64_t *size,
                        ss_git_by_name *by_name, const ss_oid *id)
{
    git_object_t type = GIT_OBJECT_INVALID;
    git_oid oid;
    size_t len = 0;
    int rc;

    memcpy(oid.id, id->id, GIT_OID_RAWSZ);
    rc = git_odb_read_header(&len, &type, by_name->odb, &oid);
    *kind = kind_of(type);
    *size = len;
    return status_of(rc);
}

static void release(void *handle)
{
    git_odb_object_free(handle);
}

int ss_git_by_name_read(ss_git_data *out, ss_git_by_name *by_name,
                        const ss_oid *id, uint64_t max_size)
{
    git_odb_object *object = NULL;
    ss_git_kind kind;
    uint64_t size;
    git_oid oid;
    int rc;

    if (max_size && !ss_git_by_name_look(&kind, &size, by_name, id) &&
        size > max_size)
        return SECSCAN_ERR_LIMIT;
    memcpy(oid.id, id->id, GIT_OID_RAWSZ);
    rc = git_odb_read(&object, by_name->odb, &oid);
    if (rc)
        return status_of(rc);
    out->handle = object;
    out->release = release;
    out->kind = kind_of(git_odb_object_type(object));
    out->bytes =
        ss_bytes_of(git_odb_object_data(object), git_odb_object_size(object));
    return 0;
}

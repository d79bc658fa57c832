/*
 * lfs.c: pointers as git-lfs writes them, and lfs/objects/aa/bb/aabb...
 */
#include "lfs.h"

#include "base/buf.h"
#include "os/dir.h"

#include <stdlib.h>

#define MAX_POINTER 1024u /* as git-lfs: what is larger is content */
#define MAX_PATH ((size_t)1 << 16)
#define HEX (SS_LFS_TEXT - 1)

static int is_hex(const char *s, size_t len)
{
    return strspn(s, "0123456789abcdef") >= len;
}

static int read_id(ss_lfs_id *out, ss_bytes hex)
{
    if (hex.len != HEX)
        return 0;
    for (size_t i = 0; i < HEX; i++)
        out->hex[i] = (char)ss_lower(hex.data[i]);
    out->hex[HEX] = '\0';
    return is_hex(out->hex, HEX);
}

int ss_lfs_pointer_read(ss_lfs_id *out, ss_bytes blob)
{
    static const char oid[] = "oid sha256:";
    const size_t len = sizeof(oid) - 1;
    ss_bytes line;

    if (blob.len > MAX_POINTER ||
        (!ss_bytes_starts(blob, "version https://git-lfs.github.com/spec/v1") &&
         !ss_bytes_starts(blob, "version https://hawser.github.com/spec/v1")))
        return 0;
    while (ss_bytes_line(&line, &blob)) {
        if (line.len && line.data[line.len - 1] == '\r')
            line.len--;
        if (ss_bytes_starts(line, oid))
            return read_id(out, (ss_bytes){line.data + len, line.len - len});
    }
    return 0;
}

/* ---- objects ---------------------------------------------------------- */

/* Names below `path`: two levels of two digits, then objects. */
static int list(ss_lfs_ids *out, ss_buf *path, int level)
{
    size_t len = path->len;
    ss_dir dir = SS_DIR_INIT;
    const char *name, *why;
    ss_open_status status;
    ss_file_kind kind;
    int rc = 0;

    if (ss_buf_putc(path, '\0'))
        return SECSCAN_ERR_NOMEM;
    status = ss_dir_open(&dir, (const char *)path->data, 1, &why);
    out->n_closed += status == SS_OPEN_REFUSED;
    if (status)
        goto out;
    while (!rc && ss_dir_next(&dir, &name, &kind, &why) > 0) {
        size_t name_len = strlen(name);
        ss_lfs_id id;

        path->len = len;
        if (level == 2) {
            if (read_id(&id, ss_bytes_str(name)) && SS_VEC_PUSH(&out->list, id))
                rc = SECSCAN_ERR_NOMEM;
        } else if (name_len == 2 && is_hex(name, 2)) {
            if (ss_buf_putc(path, '/') || ss_buf_add(path, name, name_len))
                rc = SECSCAN_ERR_NOMEM;
            else
                rc = list(out, path, level + 1);
        }
    }
    ss_dir_close(&dir);
out:
    path->len = len;
    return rc;
}

static int compare_ids(const void *a, const void *b)
{
    return strcmp(((const ss_lfs_id *)a)->hex, ((const ss_lfs_id *)b)->hex);
}

int ss_lfs_list(ss_lfs_ids *out, const char *git_dir, secscan_error *err)
{
    ss_buf path = SS_BUF_INIT(MAX_PATH);
    int rc;

    ss_buf_puts(&path, git_dir);
    ss_buf_puts(&path, "lfs/objects");
    rc = path.failed ? SECSCAN_ERR_NOMEM : list(out, &path, 0);
    if (out->list.len)
        qsort(out->list.at, out->list.len, sizeof(ss_lfs_id), compare_ids);
    ss_buf_release(&path);
    return rc ? ss_fail_nomem(err) : 0;
}

const char *ss_lfs_path(ss_arena *arena, const char *git_dir,
                        const ss_lfs_id *id)
{
    static const char dir[] = "lfs/objects/";
    size_t len = strlen(git_dir), dir_len = sizeof(dir) - 1;
    char *path = ss_arena_alloc(arena, len + dir_len + 6 + SS_LFS_TEXT);
    char *at;

    if (!path)
        return NULL;
    memcpy(path, git_dir, len);
    memcpy(path + len, dir, dir_len);
    at = path + len + dir_len;
    memcpy(at, id->hex, 2);
    at[2] = '/';
    memcpy(at + 3, id->hex + 2, 2);
    at[5] = '/';
    memcpy(at + 6, id->hex, SS_LFS_TEXT);
    return path;
}

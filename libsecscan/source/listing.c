/*
 * listing.c: read a directory, close it, sort. No descriptor stays open, so
 * that no depth of a tree runs out of them.
 */
#include "listing.h"

#include "base/alloc.h"

#include <stdlib.h>

/* One directory with more than 1 GiB of names is not read further. */
#define MAX_NAMES ((size_t)1 << 30)

static int add_name(ss_listing *l, const char *name, ss_file_kind kind,
                    secscan_error *err)
{
    size_t len = strlen(name);
    ss_listing_item item = {NULL, l->names.len, (uint32_t)len, (uint8_t)kind,
                            0};

    if (ss_buf_add(&l->names, name, len + 1) || SS_VEC_PUSH(&l->items, item))
        return ss_fail_nomem(err);
    return 0;
}

static int read_names(ss_listing *l, ss_dir *dir, secscan_error *err)
{
    for (;;) {
        ss_file_kind kind = SS_FILE_NONE;
        const char *name = NULL;
        int rc = ss_dir_next(dir, &name, &kind, &l->fault);

        if (rc <= 0)
            return 0;
        if (kind == SS_FILE_NONE)
            continue;
        rc = add_name(l, name, kind, err);
        if (rc)
            return rc;
    }
}

/* A directory sorts as its name and a slash, as the paths below it will. */
static uint8_t byte_at(const ss_listing_item *item, size_t at)
{
    if (at < item->name_len)
        return (uint8_t)item->name[at];
    return item->kind == SS_FILE_DIRECTORY ? '/' : '\0';
}

static int by_path(const void *one, const void *other)
{
    const ss_listing_item *a = one, *b = other;
    size_t len = a->name_len < b->name_len ? a->name_len : b->name_len;
    int order = memcmp(a->name, b->name, len);

    return order ? order : byte_at(a, len) - byte_at(b, len);
}

/* A link that leads nowhere stays a link. */
static int look_behind(ss_listing_item *item, ss_buf *path, secscan_error *err)
{
    size_t len = path->len;
    ss_file_info info;

    if (ss_buf_add(path, item->name, item->name_len + 1))
        return ss_fail_nomem(err);
    if (!ss_open_stat((const char *)path->data, 1, &info, NULL)) {
        item->kind = (uint8_t)info.kind;
        item->is_link = 1;
    }
    path->len = len;
    return 0;
}

static int complete(ss_listing *l, ss_buf *path, int follow, secscan_error *err)
{
    for (size_t i = 0; i < l->items.len; i++) {
        ss_listing_item *item = &l->items.at[i];
        int rc = 0;

        item->name = (const char *)l->names.data + item->name_at;
        if (follow && item->kind == SS_FILE_SYMLINK)
            rc = look_behind(item, path, err);
        if (rc)
            return rc;
    }
    if (l->items.len)
        qsort(l->items.at, l->items.len, sizeof(*l->items.at), by_path);
    return 0;
}

static ss_open_status open_it(ss_dir *dir, ss_listing *l, ss_buf *path,
                              int follow_itself)
{
    ss_open_status status;

    if (!path->len)
        return ss_dir_open(dir, ".", 1, &l->fault);
    /* With its slash at the end a link would be followed. */
    if (path->len > 1)
        path->data[path->len - 1] = '\0';
    status =
        ss_dir_open(dir, (const char *)path->data, follow_itself, &l->fault);
    path->data[path->len - 1] = '/';
    return status;
}

int ss_listing_read(ss_listing *l, ss_buf *path, int follow, int follow_itself,
                    secscan_error *err)
{
    ss_dir dir = SS_DIR_INIT;
    int rc = 0;

    l->names.max = MAX_NAMES;
    l->names.len = 0;
    l->items.len = 0;
    l->next = 0;
    l->fault = NULL;
    /* "/" alone has no other end to put a NUL at. */
    if (ss_buf_add(path, "", 1))
        return ss_fail_nomem(err);
    path->len--;
    if (open_it(&dir, l, path, follow_itself) == SS_OPEN_OK)
        rc = read_names(l, &dir, err);
    ss_dir_close(&dir);
    return rc ? rc : complete(l, path, follow, err);
}

int ss_listing_has(const ss_listing *l, const char *name)
{
    for (size_t i = 0; i < l->items.len; i++) {
        if (!strcmp(l->items.at[i].name, name))
            return 1;
    }
    return 0;
}

void ss_listing_release(ss_listing *l)
{
    ss_buf_release(&l->names);
    SS_VEC_RELEASE(&l->items);
}

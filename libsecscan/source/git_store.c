/*
 * git_store.c: the packs and loose objects of a repository and its alternates.
 * In: directories. Out: ids with their places, problems. No git2.h.
 */
#include "git_store.h"

#include "base/alloc.h"
#include "base/sort.h"
#include "os/dir.h"
#include "os/file.h"
#include "os/open.h"
#include "source/alternates.h"
#include "source/pack.h"

#include <stdlib.h>

#define MAX_TRIES 8 /* while `git gc` is at work */
#define MAX_IDX ((size_t)16 << 30)
#define PACK_SHIFT 44       /* a place is pack number and offset in the pack */
#define MAX_OPEN_PACKS 256u /* each holds a file open */

typedef SS_VEC(char *) name_list;

typedef struct store {
    ss_git_objects *out;
    size_t id_len;
    secscan_error *err;
    size_t max_open; /* packs */
    uint64_t names;  /* of packs, hashed */
} store;

static int say_problem(ss_git_objects *out, const char *path,
                       const char *reason, const char *detail,
                       secscan_error *err)
{
    ss_git_problem problem = {NULL, reason, detail};

    problem.path = ss_arena_str(&out->arena, path, strlen(path));
    if (!problem.path || SS_VEC_PUSH(&out->problems, problem))
        return ss_fail_nomem(err);
    return 0;
}

static int add(ss_git_objects *out, const uint8_t *id, size_t id_len,
               uint32_t pack, uint64_t offset)
{
    ss_git_object object = {.place = (uint64_t)pack << PACK_SHIFT | offset};

    object.id = ss_oid_of(id, id_len);
    return SS_VEC_PUSH(&out->list, object) ? SECSCAN_ERR_NOMEM : 0;
}

int ss_git_store_read_idx(ss_git_objects *out, ss_bytes bytes, uint32_t pack,
                          size_t id_len)
{
    ss_pack_index index;
    int rc = ss_pack_index_open(&index, bytes, id_len, NULL);

    if (rc)
        return rc;
    for (uint32_t i = 0; i < index.n; i++) {
        uint64_t offset = ss_pack_index_offset(&index, i);

        if (offset >> PACK_SHIFT)
            return SECSCAN_ERR_CORRUPT;
        if (add(out, ss_pack_index_id(&index, i), id_len, pack, offset))
            return SECSCAN_ERR_NOMEM;
    }
    return 0;
}

/* What stands on a circle of deltas is no object: no way leads to its bytes. */
static int list_entries(ss_git_objects *out, const ss_pack *pack, size_t number,
                        int *is_damaged)
{
    for (uint32_t i = 0; i < pack->index.n; i++) {
        uint32_t entry = pack->entry_of[i];
        const ss_pack_entry *e = &pack->entries[entry];
        ss_git_object object = {.place =
                                    (uint64_t)number << PACK_SHIFT | e->offset,
                                .entry = entry};

        object.id =
            ss_oid_of(ss_pack_index_id(&pack->index, i), pack->index.id_len);
        object.kind = (ss_git_kind)e->kind;
        object.size = e->is_delta ? 0 : e->size;
        *is_damaged |= !e->is_rooted;
        if (e->is_rooted && SS_VEC_PUSH(&out->list, object))
            return -1;
    }
    return 0;
}

/* The pack as a whole. One that is refused is no pack, and none of its objects
 * is asked for. `path` is of the index, in a buffer with room for ".pack". */
static int open_pack(store *s, ss_buf *path, int *is_refused)
{
    size_t stem = path->len - sizeof(".idx");
    char *name =
        ss_arena_str(&s->out->arena, (const char *)path->data, stem + 5);
    struct ss_pack *pack = NULL;
    int is_damaged = 0;
    int rc = 0;

    if (!name)
        return ss_fail_nomem(s->err);
    memcpy(name + stem, ".pack", 5);
    if (s->out->packs.len < s->max_open)
        rc = ss_pack_open(&pack, name, (const char *)path->data, s->id_len,
                          NULL);
    if (rc == SECSCAN_ERR_NOMEM)
        return ss_fail_nomem(s->err);
    if (SS_VEC_PUSH(&s->out->packs, pack)) {
        ss_pack_free(pack);
        return ss_fail_nomem(s->err);
    }
    is_damaged = rc == SECSCAN_ERR_CORRUPT || (pack && pack->is_damaged);
    *is_refused = rc == SECSCAN_ERR_CORRUPT;
    if (pack && list_entries(s->out, pack, s->out->packs.len - 1, &is_damaged))
        return ss_fail_nomem(s->err);
    return is_damaged ? say_problem(s->out, name, "corrupt",
                                    "a pack is damaged", s->err)
                      : 0;
}

static int read_idx(store *s, const char *path)
{
    ss_buf bytes = SS_BUF_INIT(MAX_IDX);
    size_t before = s->out->list.len;
    int rc;

    rc = ss_file_read(&bytes, path, MAX_IDX, NULL);
    if (!rc)
        rc = ss_git_store_read_idx(s->out, ss_buf_bytes(&bytes),
                                   (uint32_t)s->out->packs.len - 1, s->id_len);
    ss_buf_release(&bytes);
    if (rc == SECSCAN_ERR_NOMEM)
        return ss_fail_nomem(s->err);
    if (!rc)
        return 0;
    s->out->list.len = before;
    return say_problem(s->out, path, "corrupt", "a pack index cannot be read",
                       s->err);
}

static int has_suffix(const char *name, const char *suffix)
{
    size_t len = strlen(name), n = strlen(suffix);

    return len > n && strcmp(name + len - n, suffix) == 0;
}

/* A pack has an index and an index a pack: else objects are lost. */
static int check_pair(store *s, ss_buf *path, size_t dir_len, const char *name,
                      const char *suffix, const char *other, const char *detail)
{
    ss_file_info info;

    path->len = dir_len;
    ss_buf_add(path, name, strlen(name) - strlen(suffix));
    ss_buf_add(path, other, strlen(other) + 1);
    if (path->failed)
        return ss_fail_nomem(s->err);
    if (!ss_file_stat((const char *)path->data, 1, &info, NULL) &&
        info.kind == SS_FILE_REGULAR)
        return 0;
    return say_problem(s->out, (const char *)path->data, "missing", detail,
                       s->err);
}

static int read_pack_file(store *s, ss_buf *path, size_t dir_len,
                          const char *name)
{
    int is_refused = 0;
    int rc;

    if (has_suffix(name, ".pack"))
        return check_pair(s, path, dir_len, name, ".pack", ".idx",
                          "a pack has no index");
    s->out->has_promisor |= has_suffix(name, ".promisor");
    if (!has_suffix(name, ".idx")) /* git asks for no more of a name */
        return 0;
    rc = check_pair(s, path, dir_len, name, ".idx", ".pack",
                    "a pack index has no pack");
    if (rc)
        return rc;
    path->len = dir_len;
    ss_buf_add(path, name, strlen(name) + 1);
    if (path->failed)
        return ss_fail_nomem(s->err);
    rc = open_pack(s, path, &is_refused);
    if (rc || is_refused || s->out->packs.at[s->out->packs.len - 1])
        return rc;
    return read_idx(s, (const char *)path->data);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All names; 1 when the directory cannot be read to its end. */
static int read_names(store *s, ss_dir *dir, name_list *names, const char **why)
{
    const char *entry;
    ss_file_kind kind;

    for (;;) {
        int rc = ss_dir_next(dir, &entry, &kind, why);
        char *name;

        if (rc <= 0)
            return rc < 0;
        name = ss_arena_str(&s->out->arena, entry, strlen(entry));
        if (!name || SS_VEC_PUSH(names, name))
            return ss_fail_nomem(s->err);
    }
}

/* Names of a directory, sorted, in the arena; none when it is not there. */
static int list_names(store *s, const char *path, name_list *names)
{
    ss_dir dir = SS_DIR_INIT;
    const char *why;
    int rc;

    switch (ss_dir_open(&dir, path, 1, &why)) {
    case SS_OPEN_OK:
        break;
    case SS_OPEN_REFUSED:
        return say_problem(s->out, path, "unreadable", why, s->err);
    default:
        return 0;
    }
    rc = read_names(s, &dir, names, &why);
    ss_dir_close(&dir);
    if (names->len)
        qsort(names->at, names->len, sizeof(*names->at), compare_names);
    if (rc > 0)
        rc = say_problem(s->out, path, "unreadable", why, s->err);
    return rc;
}

static int read_packs(store *s, const char *objects_dir)
{
    ss_buf path = SS_BUF_INIT((size_t)1 << 16);
    name_list names = {0};
    size_t dir_len;
    int rc;

    ss_buf_puts(&path, objects_dir);
    ss_buf_puts(&path, "pack/");
    dir_len = path.len;
    ss_buf_putc(&path, '\0');
    if (path.failed) {
        rc = ss_fail_nomem(s->err);
        goto out;
    }
    rc = list_names(s, (const char *)path.data, &names);
    for (size_t i = 0; i < names.len && !rc; i++)
        rc = read_pack_file(s, &path, dir_len, names.at[i]);
out:
    SS_VEC_RELEASE(&names);
    ss_buf_release(&path);
    return rc;
}

/* ---- loose objects ---------------------------------------------------- */

/* objects/ab/cdef...: what else lies there is no object. */
static int add_loose(store *s, const char *folder, const char *name)
{
    char hex[SS_OID_TEXT + 2];
    ss_git_object object = {.place = UINT64_MAX};
    size_t len = strlen(name);

    if (len != 2 * s->id_len - 2)
        return 0;
    memcpy(hex, folder, 2);
    memcpy(hex + 2, name, len);
    if (ss_oid_read(&object.id, ss_bytes_of(hex, len + 2), s->id_len))
        return 0;
    return SS_VEC_PUSH(&s->out->list, object) ? ss_fail_nomem(s->err) : 0;
}

static int read_loose_folder(store *s, const char *objects_dir,
                             const char *folder)
{
    ss_buf path = SS_BUF_INIT((size_t)1 << 16);
    name_list names = {0};
    int rc;

    ss_buf_puts(&path, objects_dir);
    ss_buf_add(&path, folder, strlen(folder) + 1);
    rc = path.failed ? ss_fail_nomem(s->err)
                     : list_names(s, (const char *)path.data, &names);
    for (size_t i = 0; !rc && i < names.len; i++)
        rc = add_loose(s, folder, names.at[i]);
    SS_VEC_RELEASE(&names);
    ss_buf_release(&path);
    return rc;
}

static int read_loose(store *s, const char *objects_dir)
{
    name_list names = {0};
    int rc = list_names(s, objects_dir, &names);

    for (size_t i = 0; !rc && i < names.len; i++) {
        if (strlen(names.at[i]) == 2)
            rc = read_loose_folder(s, objects_dir, names.at[i]);
    }
    SS_VEC_RELEASE(&names);
    return rc;
}

/* ---- stores ----------------------------------------------------------- */

/* Loose objects first: what `git gc` packs meanwhile is in a pack then. */
static int read_store(void *ctx, const char *objects_dir)
{
    store *s = ctx;
    int rc = read_loose(s, objects_dir);

    return rc ? rc : read_packs(s, objects_dir);
}

static int say_store_problem(void *ctx, const char *path, const char *reason,
                             const char *detail)
{
    store *s = ctx;

    return say_problem(s->out, path, reason, detail, s->err);
}

/* A quarter of the files that may be open, so that there are some for
 * reading by name and for what else the program does. */
static size_t choose_max_open(void)
{
    size_t quarter = ss_file_max_open() / 4;

    return quarter < MAX_OPEN_PACKS ? quarter : MAX_OPEN_PACKS;
}

/* The names of the packs as one number, to see whether they have changed. */
static int add_names(void *ctx, const char *objects_dir)
{
    store *s = ctx;
    name_list names = {0};
    ss_buf path = SS_BUF_INIT((size_t)1 << 16);
    int rc;

    ss_buf_puts(&path, objects_dir);
    ss_buf_add(&path, "pack/", 6);
    rc = path.failed ? ss_fail_nomem(s->err)
                     : list_names(s, (const char *)path.data, &names);
    for (size_t i = 0; i < names.len; i++) {
        if (has_suffix(names.at[i], ".idx"))
            s->names = s->names * 31 + ss_bytes_hash(ss_bytes_str(names.at[i]));
    }
    SS_VEC_RELEASE(&names);
    ss_buf_release(&path);
    return rc;
}

static int hash_names(uint64_t *out, const char *objects_dir, size_t id_len,
                      secscan_error *err)
{
    ss_git_objects none = {.fan = NULL}; /* problems are told by the listing */
    store s = {.out = &none, .id_len = id_len, .err = err};
    const ss_alternates_sink sink = {&s, add_names, NULL};
    int rc = ss_alternates_each(objects_dir, &sink, err);

    *out = s.names;
    ss_git_objects_release(&none);
    return rc;
}

/* *is_still 0: packs came or went meanwhile, and objects with them. */
static int list_once(ss_git_objects *out, const char *objects_dir,
                     size_t id_len, int *is_still, secscan_error *err)
{
    store s = {.out = out,
               .id_len = id_len,
               .err = err,
               .max_open = choose_max_open()};
    const ss_alternates_sink sink = {&s, read_store, say_store_problem};
    uint64_t before = 0, after = 0;
    int rc;

    ss_git_objects_release(out);
    rc = hash_names(&before, objects_dir, id_len, err);
    if (!rc)
        rc = ss_alternates_each(objects_dir, &sink, err);
    if (!rc)
        rc = hash_names(&after, objects_dir, id_len, err);
    *is_still = before == after;
    return rc;
}

int ss_git_store_list(ss_git_objects *out, const char *common_dir,
                      size_t id_len, secscan_error *err)
{
    ss_buf path = SS_BUF_INIT((size_t)1 << 16);
    int rc = 0, is_still = 0;

    ss_buf_puts(&path, common_dir);
    ss_buf_add(&path, "objects/", 9);
    if (path.failed)
        rc = ss_fail_nomem(err);
    for (int i = 0; !rc && !is_still && i < MAX_TRIES; i++)
        rc = list_once(out, (const char *)path.data, id_len, &is_still, err);
    ss_buf_release(&path);
    return rc;
}

/* ---- order ------------------------------------------------------------ */

/* The first bytes as a number: what nearly every comparison is settled by. */
static uint64_t head_of(const ss_oid *id)
{
    uint64_t head = 0;

    for (size_t i = 0; i < 8; i++)
        head = head << 8 | id->id[i];
    return head;
}

static int compare_objects(const void *left, const void *right)
{
    const ss_git_object *a = left, *b = right;
    int order = memcmp(a->id.id, b->id.id, sizeof(a->id.id));

    if (order)
        return order;
    return a->place < b->place ? -1 : a->place > b->place;
}

static uint32_t prefix_of(const uint8_t *id)
{
    return (uint32_t)id[0] << 8 | id[1];
}

/* Tell the packs the numbers of their objects: of an object in several, the
 * copy that counts. */
static void label_entries(const ss_git_objects *out)
{
    for (size_t i = 0; i < out->list.len; i++) {
        const ss_git_object *o = &out->list.at[i];
        size_t pack = (size_t)(o->place >> PACK_SHIFT);

        if (pack < out->packs.len && out->packs.at[pack])
            out->packs.at[pack]->entries[o->entry].label = (uint32_t)i;
    }
}

/* One pack alone: its index is. */
static int is_sorted(const ss_git_objects *objects)
{
    for (size_t i = 1; i < objects->list.len; i++) {
        if (compare_objects(&objects->list.at[i - 1], &objects->list.at[i]) > 0)
            return 0;
    }
    return 1;
}

static void sort_equal_heads(ss_git_object *list, const ss_keyed *order,
                             size_t n)
{
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && order[to].key == order[from].key;)
            to++;
        if (to - from > 1)
            qsort(list + from, to - from, sizeof(*list), compare_objects);
    }
}

static int sort_list(ss_git_objects *out)
{
    size_t n = out->list.len;
    ss_keyed *order = ss_alloc(n * sizeof(*order));
    ss_git_object *sorted = ss_alloc(n * sizeof(*sorted));
    int rc = order && sorted ? 0 : SECSCAN_ERR_NOMEM;

    for (size_t i = 0; !rc && i < n; i++)
        order[i] = (ss_keyed){head_of(&out->list.at[i].id), (uint32_t)i};
    if (!rc && ss_keyed_sort(order, n))
        rc = SECSCAN_ERR_NOMEM;
    if (rc) {
        ss_free(order);
        ss_free(sorted);
        return rc;
    }
    for (size_t i = 0; i < n; i++)
        sorted[i] = out->list.at[order[i].number];
    sort_equal_heads(sorted, order, n);
    ss_free(order);
    ss_free(out->list.at);
    out->list.at = sorted;
    out->list.cap = n;
    return 0;
}

static void drop_doubles(ss_git_objects *out)
{
    ss_git_object *list = out->list.at;
    size_t n = 0;

    for (size_t i = 0; i < out->list.len; i++) {
        if (n && ss_oid_equal(&list[n - 1].id, &list[i].id))
            continue;
        if (n != i)
            list[n] = list[i];
        n++;
    }
    out->list.len = n;
}

/* Where ids with each first two bytes begin. */
static int fan_out(ss_git_objects *out)
{
    size_t n = out->list.len;

    ss_free(out->fan);
    out->fan = ss_calloc(65537, sizeof(*out->fan));
    if (!out->fan)
        return SECSCAN_ERR_NOMEM;
    for (size_t i = 0; i < n; i++)
        out->fan[prefix_of(out->list.at[i].id.id) + 1]++;
    for (size_t i = 0; i < 65536; i++)
        out->fan[i + 1] += out->fan[i];
    return 0;
}

int ss_git_store_sort(ss_git_objects *out, secscan_error *err)
{
    if (out->list.len >= SS_NO_OBJECT)
        return ss_fail(err, SECSCAN_ERR_LIMIT, "more than 2^32 objects");
    if (!is_sorted(out) && sort_list(out))
        return ss_fail_nomem(err);
    drop_doubles(out);
    if (fan_out(out))
        return ss_fail_nomem(err);
    label_entries(out);
    return 0;
}

int ss_git_objects_is_packed(const ss_git_objects *objects, uint32_t number)
{
    size_t pack = (size_t)(objects->list.at[number].place >> PACK_SHIFT);

    return pack < objects->packs.len && objects->packs.at[pack];
}

/* Of ids whose first two bytes are the same: the third decides nearly always,
 * without a call. */
static int compare_ids(const uint8_t *a, const uint8_t *b, size_t len)
{
    int order = a[2] - b[2];

    return order ? order : memcmp(a, b, len);
}

/* Ids are spread evenly: where this one is to be expected, the first time. */
static uint32_t guess(const uint8_t *id, uint32_t low, uint32_t high)
{
    uint64_t part = (uint64_t)id[2] << 8 | id[3];

    return low + (uint32_t)((high - low) * part >> 16);
}

uint32_t ss_git_objects_find(const ss_git_objects *objects, const uint8_t *id,
                             size_t id_len)
{
    uint32_t low, high, at;

    if (!objects->fan)
        return SS_NO_OBJECT;
    low = objects->fan[prefix_of(id)];
    high = objects->fan[prefix_of(id) + 1];
    for (at = guess(id, low, high); low < high; at = low + (high - low) / 2) {
        int order = compare_ids(objects->list.at[at].id.id, id, id_len);

        if (order == 0)
            return at;
        if (order < 0)
            low = at + 1;
        else
            high = at;
    }
    return SS_NO_OBJECT;
}

int ss_git_store_order(uint32_t *numbers, size_t n,
                       const ss_git_objects *objects, secscan_error *err)
{
    ss_keyed *order;

    if (n < 2)
        return 0;
    order = ss_alloc(n * sizeof(*order));
    if (!order)
        return ss_fail_nomem(err);
    for (size_t i = 0; i < n; i++)
        order[i] = (ss_keyed){objects->list.at[numbers[i]].place, numbers[i]};
    if (ss_keyed_sort(order, n)) {
        ss_free(order);
        return ss_fail_nomem(err);
    }
    for (size_t i = 0; i < n; i++)
        numbers[i] = order[i].number;
    ss_free(order);
    return 0;
}

void ss_git_objects_release(ss_git_objects *objects)
{
    for (size_t i = 0; i < objects->packs.len; i++)
        ss_pack_free(objects->packs.at[i]);
    SS_VEC_RELEASE(&objects->packs);
    SS_VEC_RELEASE(&objects->list);
    SS_VEC_RELEASE(&objects->problems);
    ss_free(objects->fan);
    ss_arena_release(&objects->arena);
    memset(objects, 0, sizeof(*objects));
}

/*
 * odb.c: climb from a delta to its base, then apply the deltas on the way back.
 * A chain may go over several packs; one that leads in a circle is damage.
 */
#include "odb.h"

#include "base/alloc.h"
#include "os/dir.h"
#include "source/delta.h"
#include "source/git_parse.h"
#include "source/loose.h"
#include "source/odb_packs.h"

#define DEFAULT_MAX ((uint64_t)1 << 30)
#define HIGHEST_MAX ((uint64_t)1 << 40)
#define MAX_CHAIN 65536u
#define MAX_TRIES 8
#define MAX_SPARE 16u
#define LOOK_LEN 512u
#define MAX_PATH_LEN ((size_t)1 << 16)

struct ss_odb {
    ss_odb_packs packs;
    ss_odb_cache cache;
    ss_mutex lock; /* of the spare inflaters */
    ss_inflater *spare[MAX_SPARE];
    size_t n_spare;
};

int ss_odb_open(ss_odb **out, const char *objects_dir, size_t id_len,
                secscan_error *err)
{
    ss_odb *odb = ss_calloc(1, sizeof(*odb));
    int rc = 0;

    if (!odb)
        return ss_fail_nomem(err);
    if (ss_mutex_init(&odb->lock) || ss_odb_cache_init(&odb->cache))
        rc = ss_fail_nomem(err);
    if (!rc)
        rc = ss_odb_packs_init(&odb->packs, objects_dir, id_len, err);
    if (rc)
        ss_odb_free(odb);
    else
        *out = odb;
    return rc;
}

int ss_odb_add_dir(ss_odb *odb, const char *objects_dir, secscan_error *err)
{
    return ss_odb_packs_add_dir(&odb->packs, objects_dir, err);
}

void ss_odb_free(ss_odb *odb)
{
    if (!odb)
        return;
    ss_odb_packs_release(&odb->packs);
    ss_odb_cache_release(&odb->cache);
    while (odb->n_spare)
        ss_inflater_free(odb->spare[--odb->n_spare]);
    ss_mutex_release(&odb->lock);
    ss_free(odb);
}

/* ---- inflaters -------------------------------------------------------- */

static int take_inflater(ss_inflater **out, ss_odb *odb)
{
    *out = NULL;
    ss_mutex_lock(&odb->lock);
    if (odb->n_spare)
        *out = odb->spare[--odb->n_spare];
    ss_mutex_unlock(&odb->lock);
    return *out ? 0 : ss_inflater_new(out, NULL);
}

static void give_inflater(ss_odb *odb, ss_inflater *inflater)
{
    ss_mutex_lock(&odb->lock);
    if (inflater && odb->n_spare < MAX_SPARE) {
        odb->spare[odb->n_spare++] = inflater;
        inflater = NULL;
    }
    ss_mutex_unlock(&odb->lock);
    ss_inflater_free(inflater);
}

/* ---- loose objects ---------------------------------------------------- */

static int open_loose(const ss_odb *odb, const char *dir, const ss_oid *id,
                      int *fd, uint64_t *len)
{
    ss_buf path = SS_BUF_INIT(MAX_PATH_LEN);
    char hex[SS_OID_TEXT];
    ss_file_info info;
    ss_open_status status;

    ss_oid_write(hex, id, odb->packs.id_len);
    ss_buf_puts(&path, dir);
    ss_buf_add(&path, hex, 2);
    ss_buf_putc(&path, '/');
    ss_buf_add(&path, hex + 2, strlen(hex + 2) + 1);
    if (path.failed) {
        ss_buf_release(&path);
        return SECSCAN_ERR_NOMEM;
    }
    status = ss_open_file(fd, (const char *)path.data, 1, NULL);
    ss_buf_release(&path);
    if (status == SS_OPEN_GONE)
        return SECSCAN_ERR_GIT;
    if (status)
        return SECSCAN_ERR_CORRUPT;
    if (ss_open_info(*fd, &info) || info.kind != SS_FILE_REGULAR) {
        ss_file_close(*fd);
        return SECSCAN_ERR_CORRUPT;
    }
    *len = info.size;
    return 0;
}

static int look_loose(ss_loose *out, int fd)
{
    uint8_t head[LOOK_LEN];
    size_t got = 0;
    int rc = ss_file_read_at(fd, head, sizeof(head), 0, &got, NULL);

    return rc ? SECSCAN_ERR_CORRUPT
              : ss_loose_open(out, ss_bytes_of(head, got), NULL);
}

static int inflate_loose(ss_odb_data **out, const ss_loose *loose, int fd,
                         size_t len, ss_inflater *inflater)
{
    uint8_t *packed = ss_alloc(len);
    uint8_t *memory = ss_alloc(loose->head_len + (size_t)loose->size);
    size_t got = 0;
    int rc = packed && memory ? 0 : SECSCAN_ERR_NOMEM;

    if (!rc && ss_file_read_at(fd, packed, len, 0, &got, NULL))
        rc = SECSCAN_ERR_CORRUPT;
    if (!rc)
        rc = ss_loose_read(loose, inflater, ss_bytes_of(packed, got), memory,
                           NULL);
    ss_free(packed);
    if (rc) {
        ss_free(memory);
        return rc;
    }
    return ss_odb_data_new(
        out, memory, ss_bytes_of(memory + loose->head_len, (size_t)loose->size),
        loose->kind);
}

static int read_loose_file(ss_odb_data **out, int fd, uint64_t len,
                           uint64_t max_size, ss_inflater *inflater)
{
    ss_loose loose = {SS_OBJECT_UNKNOWN, 0, 0};
    int rc = look_loose(&loose, fd);

    if (rc)
        return rc;
    if (loose.size > max_size)
        return SECSCAN_ERR_LIMIT;
    if (len > ss_loose_max_file(&loose) || loose.size / 1032 > len)
        return SECSCAN_ERR_CORRUPT;
    return inflate_loose(out, &loose, fd, (size_t)len, inflater);
}

/* What the copies say: that there is one counts more than that there is none.
 */
static int worse(int rc, int next)
{
    return next == SECSCAN_ERR_GIT ? rc : next;
}

/* What is wanted of an object: its bytes, or a look at it. */
typedef struct request {
    ss_odb *odb;
    ss_inflater *inflater;
    /* Answer from one copy; what fails is tried with the next. */
    int (*from_pack)(struct request *, ss_odb_pack *pack, uint64_t offset);
    int (*from_loose)(struct request *, int fd, uint64_t len);
    ss_odb_data **data; /* bytes: where to */
    uint64_t max_size;
    ss_object_kind *kind; /* a look: where to */
    uint64_t *size;
} request;

static int ask_loose(request *r, const ss_oid *id)
{
    const ss_odb *odb = r->odb;
    int rc = SECSCAN_ERR_GIT;

    for (size_t i = 0; i < odb->packs.dirs.len; i++) {
        uint64_t len = 0;
        int fd = -1;
        int next = open_loose(odb, odb->packs.dirs.at[i], id, &fd, &len);

        if (!next) {
            next = r->from_loose(r, fd, len);
            ss_file_close(fd);
        }
        if (!next)
            return 0;
        rc = worse(rc, next);
    }
    return rc;
}

static int read_from_loose(request *r, int fd, uint64_t len)
{
    return read_loose_file(r->data, fd, len, r->max_size, r->inflater);
}

static int look_into_loose(request *r, int fd, uint64_t len)
{
    ss_loose loose;
    int rc = look_loose(&loose, fd);

    (void)len;
    if (rc)
        return rc;
    *r->kind = loose.kind;
    *r->size = loose.size;
    return 0;
}

/* ---- packed objects --------------------------------------------------- */

typedef struct step {
    ss_odb_pack *pack;
    ss_pack_item item;
} step;

typedef struct chain {
    ss_odb *odb;
    ss_inflater *inflater;
    uint64_t max_size;
    SS_VEC(step) steps;         /* deltas, the last one next to the base */
    SS_VEC(ss_odb_pack *) used; /* packs beside the first */
    ss_odb_data *base;
    ss_object_kind kind; /* of the base */
    int is_look;         /* only the kind is wanted */
} chain;

static void chain_release(chain *c)
{
    for (size_t i = 0; i < c->used.len; i++)
        ss_odb_packs_leave(&c->odb->packs, c->used.at[i]);
    SS_VEC_RELEASE(&c->used);
    SS_VEC_RELEASE(&c->steps);
    ss_odb_data_release(c->base);
}

/* A base may be larger than what is built on it, within reason. */
static uint64_t max_base(const chain *c)
{
    return c->steps.len ? 4 * c->max_size : c->max_size;
}

static int read_root(chain *c, ss_odb_pack *pack, const ss_pack_item *item)
{
    uint8_t *bytes = NULL;
    int rc;

    if (item->size > max_base(c))
        return SECSCAN_ERR_LIMIT;
    rc = ss_pack_file_inflate(&bytes, &pack->file, item, c->inflater, NULL);
    if (rc)
        return rc;
    rc = ss_odb_data_new(&c->base, bytes,
                         ss_bytes_of(bytes, (size_t)item->size), item->kind);
    if (!rc && c->steps.len)
        ss_odb_cache_put(&c->odb->cache, pack, item->offset, c->base);
    return rc;
}

/* A base that is named: in this pack, or wherever else it is. */
static int find_base(chain *c, ss_odb_pack **pack, const ss_pack_item *item,
                     uint64_t *offset)
{
    request loose = {.odb = c->odb,
                     .inflater = c->inflater,
                     .from_loose = read_from_loose,
                     .data = &c->base,
                     .max_size = max_base(c)};
    ss_odb *odb = c->odb;
    ss_odb_search search;
    ss_oid id;
    int rc = ss_pack_file_find(&(*pack)->file, item->base_id, offset, NULL);

    if (rc || *offset)
        return rc;
    ss_odb_search_begin(&search, &odb->packs);
    rc = ss_odb_search_next(&search, &odb->packs, item->base_id, pack, offset);
    if (rc)
        return rc;
    if (*pack)
        return SS_VEC_PUSH(&c->used, *pack)
                   ? (ss_odb_packs_leave(&odb->packs, *pack), SECSCAN_ERR_NOMEM)
                   : 0;
    id = ss_oid_of(item->base_id, odb->packs.id_len);
    rc = ask_loose(&loose, &id);
    if (!rc)
        c->kind = c->base->kind;
    return rc;
}

/* Up to an object that is no delta, or one that is still known. */
static int climb(chain *c, ss_odb_pack *pack, uint64_t offset)
{
    const ss_odb_pack *mark = NULL;
    uint64_t mark_offset = 0;
    size_t next_mark = 1;
    ss_pack_item item;
    int rc = 0;

    while (!rc && !c->base && !c->kind) {
        c->base = ss_odb_cache_get(&c->odb->cache, pack, offset);
        if (c->base)
            break;
        if ((pack == mark && offset == mark_offset) ||
            c->steps.len == MAX_CHAIN)
            return SECSCAN_ERR_CORRUPT;
        if (c->steps.len + 1 == next_mark) {
            mark = pack;
            mark_offset = offset;
            next_mark *= 2;
        }
        rc = ss_pack_file_item(&item, &pack->file, offset, NULL);
        if (rc)
            break;
        if (item.kind) {
            c->kind = item.kind;
            return c->is_look ? 0 : read_root(c, pack, &item);
        }
        if (SS_VEC_PUSH(&c->steps, (step){pack, item}))
            return SECSCAN_ERR_NOMEM;
        offset = item.base_offset;
        if (!offset)
            rc = find_base(c, &pack, &item, &offset);
    }
    return rc;
}

static int apply(chain *c, const step *s, ss_bytes bytes)
{
    ss_odb_data *made = NULL;
    ss_delta delta;
    uint8_t *out;
    int rc = ss_delta_open(&delta, bytes, NULL);

    if (rc)
        return rc;
    if (delta.result_len > max_base(c))
        return SECSCAN_ERR_LIMIT;
    out = ss_alloc(delta.result_len);
    if (!out)
        return SECSCAN_ERR_NOMEM;
    rc = ss_delta_apply(delta, c->base->bytes, out, NULL);
    if (rc) {
        ss_free(out);
        return rc;
    }
    rc = ss_odb_data_new(&made, out, ss_bytes_of(out, delta.result_len),
                         c->base->kind);
    if (rc)
        return rc;
    ss_odb_cache_put(&c->odb->cache, s->pack, s->item.offset, made);
    ss_odb_data_release(c->base);
    c->base = made;
    return 0;
}

/* Back down: from the base to what was asked for. */
static int descend(chain *c)
{
    int rc = 0;

    while (!rc && c->steps.len) {
        step s = c->steps.at[--c->steps.len];
        uint8_t *bytes = NULL;

        if (s.item.size > 4 * c->max_size)
            return SECSCAN_ERR_LIMIT;
        rc = ss_pack_file_inflate(&bytes, &s.pack->file, &s.item, c->inflater,
                                  NULL);
        if (!rc)
            rc = apply(c, &s, ss_bytes_of(bytes, (size_t)s.item.size));
        ss_free(bytes);
    }
    return rc;
}

static int read_from_pack(request *r, ss_odb_pack *pack, uint64_t offset)
{
    chain c = {.odb = r->odb, .inflater = r->inflater, .max_size = r->max_size};
    int rc = climb(&c, pack, offset);

    if (!rc)
        rc = descend(&c);
    if (!rc && c.base->bytes.len > r->max_size)
        rc = SECSCAN_ERR_LIMIT;
    if (!rc) {
        *r->data = c.base;
        c.base = NULL;
    }
    chain_release(&c);
    return rc;
}

static int look_into_pack(request *r, ss_odb_pack *pack, uint64_t offset)
{
    chain c = {.odb = r->odb,
               .inflater = r->inflater,
               .max_size = DEFAULT_MAX,
               .is_look = 1};
    ss_pack_item item;
    int rc = ss_pack_file_item(&item, &pack->file, offset, NULL);

    if (!rc)
        rc = climb(&c, pack, offset);
    if (!rc) {
        *r->kind = c.base ? c.base->kind : c.kind;
        *r->size = item.kind ? item.size : 0;
    }
    chain_release(&c);
    return rc;
}

/* ---- by id ------------------------------------------------------------ */

/* Every copy in turn, until one answers. */
static int ask_once(request *r, const ss_oid *id)
{
    ss_odb *odb = r->odb;
    int rc = SECSCAN_ERR_GIT, next;
    ss_odb_search search;
    ss_odb_pack *pack;
    uint64_t offset;

    ss_odb_search_begin(&search, &odb->packs);
    for (;;) {
        next = ss_odb_search_next(&search, &odb->packs, id->id, &pack, &offset);
        if (!pack)
            break;
        next = r->from_pack(r, pack, offset);
        ss_odb_packs_leave(&odb->packs, pack);
        if (!next)
            return 0;
        rc = worse(rc, next);
    }
    if (next)
        rc = worse(rc, next);
    next = ask_loose(r, id);
    return next ? worse(rc, next) : 0;
}

/* Once more for as long as there are packs that were not there before. */
static int ask(request *r, const ss_oid *id)
{
    int rc = SECSCAN_ERR_GIT;

    for (int i = 0; i < MAX_TRIES; i++) {
        rc = ask_once(r, id);
        if (rc != SECSCAN_ERR_GIT || ss_odb_packs_refresh(&r->odb->packs) <= 0)
            break;
    }
    return rc;
}

int ss_odb_read(ss_odb_data **out, ss_odb *odb, const ss_oid *id,
                uint64_t max_size)
{
    request r = {.odb = odb,
                 .from_pack = read_from_pack,
                 .from_loose = read_from_loose,
                 .data = out,
                 .max_size = max_size ? max_size : DEFAULT_MAX};
    int rc = take_inflater(&r.inflater, odb);

    if (rc)
        return rc;
    if (r.max_size > HIGHEST_MAX)
        r.max_size = HIGHEST_MAX;
    rc = ask(&r, id);
    /* A pack may have been unpacked by then: this is the last place to look. */
    if (rc == SECSCAN_ERR_GIT)
        rc = ask_loose(&r, id);
    give_inflater(odb, r.inflater);
    return rc;
}

int ss_odb_look(ss_object_kind *kind, uint64_t *size, ss_odb *odb,
                const ss_oid *id)
{
    request r = {.odb = odb,
                 .from_pack = look_into_pack,
                 .from_loose = look_into_loose,
                 .kind = kind,
                 .size = size};
    int rc = take_inflater(&r.inflater, odb);

    if (rc)
        return rc;
    rc = ask(&r, id);
    give_inflater(odb, r.inflater);
    return rc;
}

/* ---- by the first digits ---------------------------------------------- */

static void add_match(const ss_oid *id, ss_oid *out, uint32_t *n)
{
    if (*n && ss_oid_equal(out, id))
        return;
    *out = *id;
    ++*n;
}

static int match_packs(ss_odb *odb, const ss_oid *prefix, size_t n_digits,
                       ss_oid *out, uint32_t *n)
{
    size_t n_packs = ss_odb_packs_count(&odb->packs);

    for (size_t i = 0; i < n_packs && *n < 2; i++) {
        ss_odb_pack *pack = ss_odb_packs_use(&odb->packs, i);
        uint8_t found[SS_OID_MAX];
        uint32_t n_found = 0;
        ss_oid id;
        int rc;

        if (!pack)
            continue;
        rc = ss_pack_file_match(&pack->file, prefix->id, n_digits, found,
                                &n_found, NULL);
        ss_odb_packs_leave(&odb->packs, pack);
        if (rc || !n_found)
            continue;
        id = ss_oid_of(found, odb->packs.id_len);
        add_match(&id, out, n);
        *n += n_found > 1;
    }
    return 0;
}

static int match_loose(ss_odb *odb, const char *dir, const char *hex,
                       size_t n_digits, ss_oid *out, uint32_t *n)
{
    const size_t id_len = odb->packs.id_len;
    ss_buf path = SS_BUF_INIT(MAX_PATH_LEN);
    ss_dir list = SS_DIR_INIT;
    const char *name, *why;
    ss_file_kind kind;

    ss_buf_puts(&path, dir);
    ss_buf_add(&path, hex, 2);
    ss_buf_putc(&path, '\0');
    if (path.failed || ss_dir_open(&list, (const char *)path.data, 1, &why)) {
        ss_buf_release(&path);
        return path.failed ? SECSCAN_ERR_NOMEM : 0;
    }
    while (*n < 2 && ss_dir_next(&list, &name, &kind, &why) > 0) {
        char full[SS_OID_TEXT];
        ss_oid id;

        if (strlen(name) != 2 * id_len - 2 ||
            strncmp(name, hex + 2, n_digits - 2) != 0)
            continue;
        memcpy(full, hex, 2);
        memcpy(full + 2, name, 2 * id_len - 1);
        if (!ss_oid_read(&id, ss_bytes_str(full), id_len))
            add_match(&id, out, n);
    }
    ss_dir_close(&list);
    ss_buf_release(&path);
    return 0;
}

int ss_odb_match(ss_odb *odb, const ss_oid *prefix, size_t n_digits,
                 ss_oid *out, uint32_t *n)
{
    char hex[SS_OID_TEXT];
    int rc;

    ss_assert(n_digits >= 2);
    *n = 0;
    ss_oid_write(hex, prefix, odb->packs.id_len);
    rc = match_packs(odb, prefix, n_digits, out, n);
    for (size_t i = 0; !rc && i < odb->packs.dirs.len; i++)
        rc = match_loose(odb, odb->packs.dirs.at[i], hex, n_digits, out, n);
    return rc;
}

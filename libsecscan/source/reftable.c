/*
 * reftable.c: every block of refs and of logs, from the first to the last: no
 * index is needed for that. Trusts no number in a table.
 */
#include "reftable.h"

#include "base/alloc.h"
#include "os/file.h"
#include "source/inflate.h"
#include "source/pack_head.h"

#include <stdlib.h>

#define MAX_TABLE ((size_t)1 << 31)
#define MAX_LIST ((size_t)1 << 20)
#define MAX_NAME 65536u
#define MAX_TRIES 8 /* while git compacts the stack */

enum { DELETION = 0, ONE_ID = 1, TWO_IDS = 2, LINK = 3 };

typedef struct table {
    ss_reftable *out;
    ss_bytes bytes; /* without the footer */
    size_t header;
    size_t block_size;
    uint64_t log_at;
    ss_inflater *inflater;
    uint8_t name[MAX_NAME + 1]; /* the key of the record before */
    size_t name_len;
    secscan_error *err;
} table;

static int fail_damaged(secscan_error *err)
{
    return ss_fail(err, SECSCAN_ERR_CORRUPT, "a reftable is damaged");
}

/* ---- numbers ---------------------------------------------------------- */

static uint64_t read_be(const uint8_t *p, size_t n)
{
    uint64_t value = 0;

    for (size_t i = 0; i < n; i++)
        value = value << 8 | p[i];
    return value;
}

static int take_bytes(ss_bytes *in, uint64_t len, ss_bytes *out)
{
    if (len > in->len)
        return -1;
    *out = ss_bytes_of(in->data, (size_t)len);
    in->data += len;
    in->len -= (size_t)len;
    return 0;
}

static int take_text(ss_bytes *in, ss_bytes *out)
{
    uint64_t len;

    return ss_pack_number_take(in, &len) ? -1 : take_bytes(in, len, out);
}

static int take_id(table *t, ss_bytes *in, ss_oid *out)
{
    ss_bytes id;

    if (take_bytes(in, t->out->id_len, &id))
        return -1;
    *out = ss_oid_of(id.data, id.len);
    return 0;
}

/* The key of a record, of which the beginning is that of the one before. */
static int take_key(table *t, ss_bytes *in, unsigned *type)
{
    uint64_t prefix, rest;
    ss_bytes suffix;

    if (ss_pack_number_take(in, &prefix) || ss_pack_number_take(in, &rest) ||
        prefix > t->name_len || take_bytes(in, rest >> 3, &suffix) ||
        suffix.len > MAX_NAME - prefix)
        return -1;
    memcpy(t->name + prefix, suffix.data, suffix.len);
    t->name_len = (size_t)prefix + suffix.len;
    t->name[t->name_len] = '\0';
    *type = rest & 7;
    return 0;
}

static const char *keep(table *t, const void *text, size_t len)
{
    return ss_arena_str(&t->out->arena, text, len);
}

/* ---- records ---------------------------------------------------------- */

static int put_ref(table *t, const ss_reftable_ref *ref)
{
    ss_reftable *out = t->out;
    ss_bytes key = ss_bytes_of(ref->name, t->name_len);
    int is_new;
    ss_map_entry *entry = ss_map_put(&out->by_name, key, &is_new);

    if (!entry)
        return ss_fail_nomem(t->err);
    if (!is_new) {
        out->refs.at[entry->value.num] = *ref;
        return 0;
    }
    entry->value.num = out->refs.len;
    return SS_VEC_PUSH(&out->refs, *ref) ? ss_fail_nomem(t->err) : 0;
}

static int take_value(table *t, ss_bytes *in, unsigned type,
                      ss_reftable_ref *ref)
{
    ss_bytes link;
    ss_oid peeled;

    switch (type) {
    case DELETION:
        ref->is_deleted = 1;
        return 0;
    case ONE_ID:
        return take_id(t, in, &ref->id);
    case TWO_IDS:
        return take_id(t, in, &ref->id) || take_id(t, in, &peeled) ? -1 : 0;
    case LINK:
        if (take_text(in, &link) || memchr(link.data, 0, link.len))
            return -1;
        ref->link = keep(t, link.data, link.len);
        return ref->link ? 0 : SECSCAN_ERR_NOMEM;
    default:
        return -1;
    }
}

static int take_ref(table *t, ss_bytes *in)
{
    ss_reftable_ref ref = {.name = NULL};
    uint64_t index;
    unsigned type = 0;
    int rc;

    if (take_key(t, in, &type) || ss_pack_number_take(in, &index) ||
        memchr(t->name, 0, t->name_len))
        return fail_damaged(t->err);
    rc = take_value(t, in, type, &ref);
    if (rc)
        return rc == SECSCAN_ERR_NOMEM ? ss_fail_nomem(t->err)
                                       : fail_damaged(t->err);
    ref.name = keep(t, t->name, t->name_len);
    return ref.name ? put_ref(t, &ref) : ss_fail_nomem(t->err);
}

static int take_entry(table *t, ss_bytes *in, ss_reftable_log *log)
{
    ss_bytes zone;

    if (take_id(t, in, &log->before) || take_id(t, in, &log->after) ||
        take_text(in, &log->who) || take_text(in, &log->email) ||
        ss_pack_number_take(in, &log->time) || take_bytes(in, 2, &zone) ||
        take_text(in, &log->message))
        return -1;
    log->zone = (int16_t)read_be(zone.data, 2);
    return 0;
}

static int copy_bytes(table *t, ss_bytes *bytes)
{
    bytes->data = ss_arena_copy(&t->out->arena, bytes->data, bytes->len);
    return bytes->data ? 0 : -1;
}

/* The key is the ref's name, a NUL and the update's number upside down. */
static int take_log(table *t, ss_bytes *in)
{
    ss_reftable_log log = {.order = t->out->logs.len};
    unsigned type = 0;
    size_t len;

    if (take_key(t, in, &type) || t->name_len < 9 || type > 1)
        return fail_damaged(t->err);
    len = t->name_len - 9;
    if (t->name[len] || memchr(t->name, 0, len))
        return fail_damaged(t->err);
    log.index = UINT64_MAX - read_be(t->name + len + 1, 8);
    log.is_deleted = !type;
    if (type && take_entry(t, in, &log))
        return fail_damaged(t->err);
    log.name = keep(t, t->name, len);
    if (!log.name || copy_bytes(t, &log.who) || copy_bytes(t, &log.email) ||
        copy_bytes(t, &log.message) || SS_VEC_PUSH(&t->out->logs, log))
        return ss_fail_nomem(t->err);
    return 0;
}

/* ---- blocks ----------------------------------------------------------- */

/* Behind the records stand places to start at, and how many there are. */
static int take_records(table *t, ss_bytes records,
                        int (*take)(table *, ss_bytes *))
{
    size_t tail;
    int rc = 0;

    if (records.len < 2)
        return fail_damaged(t->err);
    tail = (size_t)read_be(records.data + records.len - 2, 2) * 3 + 2;
    if (tail > records.len)
        return fail_damaged(t->err);
    records.len -= tail;
    t->name_len = 0;
    while (!rc && records.len)
        rc = take(t, &records);
    return rc;
}

/* The first block has the file's header in it. 0 when there is no block of the
 * type at `at`; *len is its length, as it says itself. */
static int has_block(const table *t, uint64_t at, char type, size_t *skip,
                     size_t *len)
{
    const uint8_t *p;

    *skip = (at ? 0 : t->header) + 4;
    if (at >= t->bytes.len || t->bytes.len - at < *skip)
        return 0;
    p = t->bytes.data + at + *skip - 4;
    *len = (size_t)read_be(p + 1, 3);
    return *p == (uint8_t)type;
}

static int read_refs(table *t)
{
    size_t skip, len, full;
    uint64_t at = 0;
    int rc = 0;

    while (!rc && has_block(t, at, 'r', &skip, &len)) {
        if (len < skip || len > t->bytes.len - at)
            return fail_damaged(t->err);
        rc = take_records(t, ss_bytes_of(t->bytes.data + at + skip, len - skip),
                          take_ref);
        full = t->block_size;
        /* The last one may stand without padding. */
        if (full < len ||
            (len < t->bytes.len - at && t->bytes.data[at + len] != 0))
            full = len;
        at += full;
    }
    return rc;
}

static int read_log_block(table *t, uint64_t at, size_t skip, size_t len,
                          size_t *used)
{
    ss_bytes in = ss_bytes_of(t->bytes.data + at + skip,
                              t->bytes.len - (size_t)at - skip);
    uint8_t *records;
    int rc;

    if (len < skip)
        return fail_damaged(t->err);
    records = ss_alloc(len - skip);
    if (!records)
        return ss_fail_nomem(t->err);
    rc = ss_inflate(t->inflater, in, records, len - skip, used, t->err);
    if (!rc)
        rc = take_records(t, ss_bytes_of(records, len - skip), take_log);
    ss_free(records);
    return rc;
}

static int read_logs(table *t)
{
    uint64_t at = t->log_at;
    size_t skip, len, used = 0;
    int rc;

    if (!at && !has_block(t, 0, 'g', &skip, &len))
        return 0;
    if (!has_block(t, at, 'g', &skip, &len))
        return fail_damaged(t->err);
    rc = ss_inflater_new(&t->inflater, t->err);
    while (!rc && has_block(t, at, 'g', &skip, &len)) {
        rc = read_log_block(t, at, skip, len, &used);
        at += skip + used;
    }
    ss_inflater_free(t->inflater);
    return rc;
}

/* ---- a table ---------------------------------------------------------- */

static int open_table(table *t, ss_bytes bytes)
{
    const uint8_t *p = bytes.data, *footer;
    size_t header, tail;

    if (bytes.len < 24 || memcmp(p, "REFT", 4) != 0 || p[4] < 1 || p[4] > 2)
        return fail_damaged(t->err);
    header = p[4] == 2 ? 28 : 24;
    tail = header + 44;
    if (bytes.len < header + tail)
        return fail_damaged(t->err);
    footer = p + bytes.len - tail;
    if (memcmp(p, footer, header) != 0 ||
        read_be(footer + tail - 4, 4) !=
            ss_inflate_crc32(ss_bytes_of(footer, tail - 4)))
        return fail_damaged(t->err);
    if ((p[4] == 2 && memcmp(p + 24, "s256", 4) == 0 ? 32u : 20u) !=
        t->out->id_len)
        return ss_fail(t->err, SECSCAN_ERR_GIT,
                       "a reftable's ids are not the repository's");
    t->header = header;
    t->bytes = ss_bytes_of(p, bytes.len - tail);
    t->block_size = (size_t)read_be(p + 5, 3);
    t->log_at = read_be(footer + header + 24, 8);
    return 0;
}

int ss_reftable_add(ss_reftable *reftable, ss_bytes bytes, secscan_error *err)
{
    table *t;
    size_t header;
    int rc = 0;

    /* A table without a record is a header and a footer. */
    header = bytes.len > 4 && bytes.data[4] == 2 ? 28 : 24;
    if (!bytes.len)
        return fail_damaged(err);
    t = ss_calloc(1, sizeof(*t));
    if (!t)
        return ss_fail_nomem(err);
    t->out = reftable;
    t->err = err;
    rc = open_table(t, bytes);
    if (!rc && t->bytes.len > header)
        rc = read_refs(t);
    if (!rc)
        rc = read_logs(t);
    ss_free(t);
    return rc;
}

/* ---- the stack -------------------------------------------------------- */

static int compare_logs(const void *left, const void *right)
{
    const ss_reftable_log *a = left, *b = right;
    int order = strcmp(a->name, b->name);

    if (order)
        return order;
    if (a->index != b->index)
        return a->index < b->index ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

/* Of the same update the last table counts; what it deletes is gone. */
static void settle_logs(ss_reftable *reftable)
{
    ss_reftable_log *logs = reftable->logs.at;
    size_t n = 0;

    if (reftable->logs.len)
        qsort(logs, reftable->logs.len, sizeof(*logs), compare_logs);
    for (size_t i = 0; i < reftable->logs.len; i++) {
        int is_last = i + 1 == reftable->logs.len ||
                      logs[i].index != logs[i + 1].index ||
                      strcmp(logs[i].name, logs[i + 1].name) != 0;

        if (is_last && !logs[i].is_deleted)
            logs[n++] = logs[i];
    }
    reftable->logs.len = n;
}

/* *is_gone: the table that is listed is not there (any more). */
static int read_table(ss_reftable *out, const char *dir, ss_bytes name,
                      int *is_gone, secscan_error *err)
{
    ss_buf path = SS_BUF_INIT((size_t)1 << 16);
    ss_buf bytes = SS_BUF_INIT(MAX_TABLE);
    int found = 0, rc;

    ss_buf_puts(&path, dir);
    ss_buf_add(&path, name.data, name.len);
    ss_buf_putc(&path, '\0');
    if (path.failed || memchr(name.data, '/', name.len))
        rc = path.failed ? ss_fail_nomem(err) : fail_damaged(err);
    else
        rc = ss_file_read_regular(&bytes, (const char *)path.data, MAX_TABLE,
                                  &found, err);
    *is_gone = !rc && !found;
    if (found)
        rc = ss_reftable_add(out, ss_buf_bytes(&bytes), err);
    ss_buf_release(&path);
    ss_buf_release(&bytes);
    return rc;
}

static int read_stack(ss_reftable *out, const char *dir, int *is_gone,
                      secscan_error *err)
{
    ss_buf path = SS_BUF_INIT((size_t)1 << 16);
    ss_buf list = SS_BUF_INIT(MAX_LIST);
    ss_bytes in, name;
    int found = 0, rc;

    *is_gone = 0;
    ss_buf_puts(&path, dir);
    ss_buf_add(&path, "tables.list", 12);
    rc = path.failed ? ss_fail_nomem(err)
                     : ss_file_read_regular(&list, (const char *)path.data,
                                            MAX_LIST, &found, err);
    in = found ? ss_buf_bytes(&list) : (ss_bytes){NULL, 0};
    while (!rc && !*is_gone && ss_bytes_line(&name, &in)) {
        if (name.len)
            rc = read_table(out, dir, name, is_gone, err);
    }
    ss_buf_release(&path);
    ss_buf_release(&list);
    return rc;
}

int ss_reftable_read(ss_reftable *out, const char *dir, size_t id_len,
                     secscan_error *err)
{
    int is_gone = 1, rc = 0;

    for (int i = 0; !rc && is_gone && i < MAX_TRIES; i++) {
        ss_reftable_release(out);
        out->id_len = id_len;
        rc = read_stack(out, dir, &is_gone, err);
    }
    if (!rc && is_gone)
        rc = ss_fail(err, SECSCAN_ERR_GIT, "a reftable is missing");
    settle_logs(out);
    return rc;
}

void ss_reftable_release(ss_reftable *reftable)
{
    SS_VEC_RELEASE(&reftable->refs);
    SS_VEC_RELEASE(&reftable->logs);
    ss_map_release(&reftable->by_name);
    ss_arena_release(&reftable->arena);
    memset(reftable, 0, sizeof(*reftable));
}

const ss_reftable_ref *ss_reftable_find(const ss_reftable *reftable,
                                        const char *name)
{
    const ss_map_entry *entry =
        ss_map_get(&reftable->by_name, ss_bytes_str(name));
    const ss_reftable_ref *ref =
        entry ? &reftable->refs.at[entry->value.num] : NULL;

    return ref && !ref->is_deleted ? ref : NULL;
}

void ss_reftable_print(ss_buf *out, const ss_reftable_log *log, size_t id_len)
{
    char before[SS_OID_TEXT], after[SS_OID_TEXT];
    size_t start;

    ss_oid_write(before, &log->before, id_len);
    ss_oid_write(after, &log->after, id_len);
    ss_buf_printf(out, "%s %s ", before, after);
    start = out->len;
    ss_buf_add(out, log->who.data, log->who.len);
    ss_buf_puts(out, " <");
    ss_buf_add(out, log->email.data, log->email.len);
    ss_buf_printf(out, "> %llu %+05d\t", (unsigned long long)log->time,
                  (int)log->zone);
    ss_buf_add(out, log->message.data, log->message.len);
    while (out->len > start && out->data[out->len - 1] == '\n')
        out->len--;
    /* One entry is one line. */
    for (size_t i = start; i < out->len; i++) {
        if (out->data[i] == '\n')
            out->data[i] = ' ';
    }
    ss_buf_putc(out, '\n');
}

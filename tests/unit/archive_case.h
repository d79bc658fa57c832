/*
 * archive_case.h: archives written in memory by libarchive, and what our reader
 * says of them: one line a member.
 */
#ifndef ARCHIVE_CASE_H
#define ARCHIVE_CASE_H

#include "unit.h"

#include "base/buf.h"
#include "source/open_container.h"

#include <archive.h>
#include <archive_entry.h>

#define MAX_SAMPLE ((size_t)1 << 20)

typedef struct sample {
    const char *kind;
    const char *format, *options; /* libarchive's; NULL: none */
    int filter;
    uint8_t bytes[MAX_SAMPLE];
    size_t len;
} sample;

/* How the bytes are handed over. */
typedef enum way { IN_MEMORY, READ_AT, IN_ORDER } way;

typedef struct reading {
    ss_bytes bytes;
    size_t at, step;
} reading;

static ptrdiff_t read_some(reading *r, void *to, size_t len, uint64_t at)
{
    size_t left = at < r->bytes.len ? r->bytes.len - (size_t)at : 0;

    len = len < left ? len : left;
    len = len < r->step ? len : r->step;
    if (len)
        memcpy(to, r->bytes.data + at, len);
    return (ptrdiff_t)len;
}

static ptrdiff_t read_at(void *ctx, void *to, size_t len, uint64_t offset)
{
    return read_some(ctx, to, len, offset);
}

static ptrdiff_t read_next(void *ctx, void *to, size_t len)
{
    reading *r = ctx;
    ptrdiff_t n = read_some(r, to, len, r->at);

    r->at += (size_t)n;
    return n;
}

static ss_input input_of(reading *r, way how)
{
    ss_input input = {.memory = {NULL, 0}, .ctx = r};

    if (how == IN_MEMORY)
        input.memory = r->bytes;
    else if (how == READ_AT)
        input.read_at = read_at;
    else
        input.read = read_next;
    input.size = r->bytes.len;
    return input;
}

static const ss_container_kind *kind_named(const char *name)
{
    for (size_t i = 0; ss_container_kind_at(i); i++)
        if (strcmp(ss_container_kind_at(i)->name, name) == 0)
            return ss_container_kind_at(i);
    return NULL;
}

/* "name:bytes\n", "name!reason\n" in the place of what could not be read. The
 * number of faults. */
static int list_member(ss_buf *out, ss_container *c, const ss_member *member)
{
    const ss_opener *o = ss_open_container();
    ss_container_fault fault = {NULL, NULL};
    char piece[100];
    ptrdiff_t n;

    ss_buf_puts(out, member->name);
    if (member->is_encrypted)
        return ss_buf_puts(out, "!encrypted\n"), 1;
    ss_buf_puts(out, ":");
    for (n = o->read(c, piece, sizeof(piece), &fault); n > 0;
         n = o->read(c, piece, sizeof(piece), &fault))
        ss_buf_add(out, piece, (size_t)n);
    if (n < 0)
        ss_buf_printf(out, "!%s", fault.reason);
    ss_buf_puts(out, "\n");
    return n < 0;
}

static int list(ss_buf *out, const char *kind, ss_bytes bytes, way how,
                size_t step)
{
    const ss_opener *o = ss_open_container();
    ss_container_fault fault = {NULL, NULL};
    reading r = {bytes, 0, step};
    ss_input input = input_of(&r, how);
    ss_container *c = NULL;
    ss_member member;
    int n_faults = 0;
    int rc = o->open(&c, kind_named(kind), &input, NULL, NULL, &fault);

    for (rc = rc ? rc : o->next(c, &member, &fault); rc > 0;
         rc = o->next(c, &member, &fault))
        n_faults += list_member(out, c, &member);
    if (rc < 0)
        ss_buf_printf(out, "!%s\n", fault.reason);
    if (c)
        o->close(c);
    CHECK(!out->failed);
    return n_faults + (rc < 0);
}

static void begin(sample *s, struct archive **out)
{
    struct archive *a = archive_write_new();

    CHECK_INT(archive_write_set_format_by_name(a, s->format), ARCHIVE_OK);
    CHECK_INT(archive_write_add_filter(a, s->filter), ARCHIVE_OK);
    CHECK_INT(archive_write_set_options(a, s->options), ARCHIVE_OK);
    archive_write_set_passphrase(a, "any");
    archive_write_set_bytes_per_block(a, 512);
    archive_write_set_bytes_in_last_block(a, 1);
    CHECK_INT(archive_write_open_memory(a, s->bytes, MAX_SAMPLE, &s->len),
              ARCHIVE_OK);
    *out = a;
}

static void add(struct archive *a, const char *name, ss_bytes data)
{
    struct archive_entry *entry = archive_entry_new();

    archive_entry_copy_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, 1000000000, 0);
    archive_entry_set_size(entry, (la_int64_t)data.len);
    CHECK_INT(archive_write_header(a, entry), ARCHIVE_OK);
    CHECK_INT(archive_write_data(a, data.data, data.len), (la_ssize_t)data.len);
    archive_entry_free(entry);
}

static void end(struct archive *a)
{
    CHECK_INT(archive_write_close(a), ARCHIVE_OK);
    archive_write_free(a);
}

#endif

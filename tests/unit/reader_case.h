/*
 * reader_case.h: read a container whole, from memory or by read_at, for the
 * tests of its readers.
 */
#ifndef READER_CASE_H
#define READER_CASE_H

#include "unit.h"

#include "base/buf.h"
#include "source/open_container.h"

#include <stdio.h>

/* What a container holds: of each member "<name>\n" and its bytes, in order. */
typedef struct reading {
    ss_buf text;
    ss_container_fault fault; /* of the last call that failed */
    int status;               /* of `next`, at the end */
    size_t n_members;
    char rule[64], reason[256]; /* of the last member that had one */
} reading;

static inline ptrdiff_t read_bytes_at(void *ctx, void *to, size_t len,
                                      uint64_t offset)
{
    const ss_bytes *bytes = ctx;
    size_t n = 0;

    if (offset < bytes->len)
        n = bytes->len - (size_t)offset;
    if (n > len)
        n = len;
    if (n > 1000) /* as short as reads may be */
        n = 1000;
    memcpy(to, bytes->data + (n ? offset : 0), n);
    return (ptrdiff_t)n;
}

static inline ss_input input_of(ss_bytes *bytes, int by_read_at)
{
    if (by_read_at)
        return (ss_input){
            .ctx = bytes, .read_at = read_bytes_at, .size = bytes->len};
    return (ss_input){.memory = *bytes};
}

static inline void note_member(reading *r, const ss_member *member)
{
    r->n_members++;
    ss_buf_printf(&r->text, "<%s>\n", member->name);
    if (!member->rule)
        return;
    snprintf(r->rule, sizeof(r->rule), "%s", member->rule);
    snprintf(r->reason, sizeof(r->reason), "%s", member->reason);
}

static inline void read_content(reading *r, ss_container *c)
{
    uint8_t part[777];
    ptrdiff_t n = 1;

    while (n > 0) {
        n = ss_open_container()->read(c, part, sizeof(part), &r->fault);
        if (n > 0)
            ss_buf_add(&r->text, part, (size_t)n);
    }
    ss_open_container()->name_at(c, 0);
}

static inline reading read_with(ss_container_opens opens, ss_bytes bytes,
                                int by_read_at, int (*should_stop)(void *ctx))
{
    const ss_container_kind kind = {.name = "test", .opens = opens};
    const ss_opener *opener = ss_open_container();
    ss_input input = input_of(&bytes, by_read_at);
    reading r = {.text = SS_BUF_INIT(1u << 30)};
    ss_container *c = NULL;
    ss_member member;

    r.fault = (ss_container_fault){"", ""};
    r.status = opener->open(&c, &kind, &input, should_stop, NULL, &r.fault);
    if (!r.status)
        r.status = opener->next(c, &member, &r.fault);
    while (r.status == 1) {
        note_member(&r, &member);
        read_content(&r, c);
        r.status = opener->next(c, &member, &r.fault);
    }
    opener->close(c);
    ss_buf_putc(&r.text, '\0');
    r.text.len--;
    return r;
}

static inline reading read_whole(ss_container_opens opens, ss_bytes bytes)
{
    return read_with(opens, bytes, 0, NULL);
}

static inline int has(const reading *r, const char *text)
{
    return memmem(r->text.data, r->text.len, text, strlen(text)) != NULL;
}

static inline void release(reading *r)
{
    ss_buf_release(&r->text);
}

/* The same from memory and by read_at. */
static inline int reads_alike(ss_container_opens opens, ss_bytes bytes)
{
    reading a = read_with(opens, bytes, 0, NULL);
    reading b = read_with(opens, bytes, 1, NULL);
    int alike = a.status == b.status &&
                ss_bytes_equal(ss_buf_bytes(&a.text), ss_buf_bytes(&b.text));

    release(&a);
    release(&b);
    return alike;
}

/* A copy of the very size, so that ASan sees a read beyond it. */
static inline void read_copy(ss_container_opens opens, const uint8_t *data,
                             size_t len)
{
    uint8_t *copy = ss_alloc(len ? len : 1);
    reading r;

    memcpy(copy, data, len);
    r = read_with(opens, ss_bytes_of(copy, len), 0, NULL);
    assert_true(r.status <= 0);
    release(&r);
    ss_free(copy);
}

/* Every `step`-th length and bit: all end, in order. */
static inline void read_damaged(ss_container_opens opens, ss_bytes bytes,
                                size_t step)
{
    uint8_t *copy = ss_alloc(bytes.len);

    for (size_t len = 1; len < bytes.len; len += step)
        read_copy(opens, bytes.data, len);
    memcpy(copy, bytes.data, bytes.len);
    for (size_t bit = 0; bit < bytes.len * 8; bit += step) {
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        read_copy(opens, copy, bytes.len);
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    ss_free(copy);
}

/* The n-th allocation fails, for every n. */
static inline void read_without_memory(ss_container_opens opens, ss_bytes bytes)
{
    for (unsigned long n = 1; n < 200; n++) {
        reading r;

        ss_alloc_fail_at(n);
        r = read_whole(opens, bytes);
        ss_alloc_fail_at(0);
        CHECK(r.status <= 0);
        release(&r);
    }
}

#endif

/*
 * toy_container.h: an opener of containers of a toy format, behind the marks of
 * real ones, so that the walk is tested without any of them. Behind the mark's
 * line stand, each with a line of its own:
 *
 *     M name n     a member, its n bytes follow
 *     Z name n     a member of n times 'a', which are not there
 *     N n          n empty members
 *     E name       an encrypted member
 *     B name       a member whose bytes cannot be read
 *     R rule       a member that finds by itself
 *     X            damage
 *
 * Of a stream all that follows the mark's line is its one member.
 */
#ifndef TOY_CONTAINER_H
#define TOY_CONTAINER_H

#include "source/container.h"

#include <stdio.h>
#include <stdlib.h>

#define TOY_RPM "\xed\xab\xee\xdb\n"  /* read in order */
#define TOY_ZIP "PK\3\4\n"            /* needs all */
#define TOY_ZSTD "\x28\xb5\x2f\xfd\n" /* a stream */
#define TOY_NOTEBOOK "{\"cells\": [], \"nbformat\": 4}\n"
#define TOY_STORE "\xfe\xed\xfe\xed%c%c%c\2\n"
#define TOY_DATABASE "SQLite format 3%c\n"

typedef struct toy {
    const ss_container_kind *kind;
    const ss_input *in;
    int (*should_stop)(void *ctx);
    void *ctx;
    uint64_t at; /* of the input */
    uint64_t left, zeros, empty;
    int is_bad, is_over;
    char name[256], row[32];
} toy;

static ptrdiff_t toy_get(toy *t, void *to, size_t len)
{
    ptrdiff_t n;

    if (t->in->memory.data) {
        size_t rest = t->in->memory.len - (size_t)t->at;

        len = len < rest ? len : rest;
        memcpy(to, t->in->memory.data + t->at, len);
        n = (ptrdiff_t)len;
    } else if (t->in->read_at) {
        n = t->in->read_at(t->in->ctx, to, len, t->at);
    } else {
        n = t->in->read(t->in->ctx, to, len);
    }
    if (n > 0)
        t->at += (uint64_t)n;
    return n;
}

/* 1: a line; 0: the end; -1: cut. */
static int toy_line(toy *t, char line[256])
{
    size_t len = 0;

    while (len < 255) {
        ptrdiff_t n = toy_get(t, line + len, 1);

        if (n < 0 || (!n && len))
            return -1;
        if (!n)
            return 0;
        if (line[len] == '\n')
            break;
        len++;
    }
    line[len] = '\0';
    return 1;
}

static int toy_fault(ss_container_fault *fault, const char *detail)
{
    *fault = (ss_container_fault){"corrupt", detail};
    return -7;
}

static int toy_open(ss_container **out, const ss_container_kind *kind,
                    const ss_input *input, int (*should_stop)(void *ctx),
                    void *ctx, ss_container_fault *fault)
{
    toy *t = calloc(1, sizeof(*t));
    char line[256];

    t->kind = kind;
    t->in = input;
    t->should_stop = should_stop;
    t->ctx = ctx;
    if (toy_line(t, line) <= 0) {
        free(t);
        return toy_fault(fault, "no line");
    }
    *out = (ss_container *)(void *)t;
    return 0;
}

static int toy_stream(toy *t, ss_member *out)
{
    if (t->is_over)
        return 0;
    t->is_over = 1;
    t->left = UINT64_MAX;
    *out = (ss_member){.name = "", .size = UINT64_MAX, .is_stream = 1};
    return 1;
}

static void toy_pass(toy *t)
{
    char byte;

    while (t->left && toy_get(t, &byte, 1) == 1)
        t->left--;
    t->left = t->zeros = 0;
    t->is_bad = 0;
}

static int toy_read_line(toy *t, ss_member *out, ss_container_fault *fault)
{
    char line[256], word[2] = "";
    unsigned long long n = 0;
    int rc = toy_line(t, line);

    if (!rc)
        return 0;
    t->name[0] = '\0';
    if (rc < 0 || sscanf(line, "%1s %250s %llu", word, t->name, &n) < 1)
        return toy_fault(fault, "cut");
    if (*word == 'X')
        return toy_fault(fault, "damaged");
    if (*word == 'N') {
        t->empty = strtoull(t->name, NULL, 10);
        strcpy(t->name, "empty");
        t->empty--;
    }
    t->left = *word == 'M' ? n : 0;
    t->zeros = *word == 'Z' ? n : 0;
    t->is_bad = *word == 'B';
    out->size = n;
    out->is_encrypted = *word == 'E';
    out->name = t->name;
    if (*word != 'R')
        return 1;
    out->rule = t->name;
    out->reason = "a reason";
    out->name = "";
    return 1;
}

static int toy_next(ss_container *c, ss_member *out, ss_container_fault *fault)
{
    toy *t = (toy *)(void *)c;

    *out = (ss_member){.name = "empty"};
    if (t->kind->opens == SS_OPENS_STREAM)
        return toy_stream(t, out);
    if (t->empty) {
        t->empty--;
        return 1;
    }
    toy_pass(t);
    return toy_read_line(t, out, fault);
}

static ptrdiff_t toy_read(ss_container *c, void *to, size_t len,
                          ss_container_fault *fault)
{
    toy *t = (toy *)(void *)c;
    ptrdiff_t n;

    if (t->is_bad)
        return toy_fault(fault, "bad member");
    if (t->should_stop(t->ctx)) {
        *fault = (ss_container_fault){"time-limit", ""};
        return -7;
    }
    if (t->zeros) {
        len = len < t->zeros ? len : (size_t)t->zeros;
        memset(to, 'a', len);
        t->zeros -= len;
        return (ptrdiff_t)len;
    }
    if (!t->left)
        return 0;
    n = toy_get(t, to, len < t->left ? len : (size_t)t->left);
    if (n > 0)
        t->left -= (uint64_t)n;
    if (n <= 0 && t->left && t->kind->opens != SS_OPENS_STREAM)
        return toy_fault(fault, "cut");
    return n;
}

/* A database of lines of ten bytes. */
static const char *toy_name_at(ss_container *c, uint64_t offset)
{
    toy *t = (toy *)(void *)c;

    if (t->kind->opens != SS_OPENS_SQLITE)
        return NULL;
    snprintf(t->row, sizeof(t->row), "row/%llu",
             (unsigned long long)offset / 10 + 1);
    return t->row;
}

static void toy_close(ss_container *c)
{
    free(c);
}

static const ss_opener toy_opener = {
    SS_OPENER_VERSION, 0, toy_open, toy_next, toy_read, toy_name_at, toy_close};

#endif

/*
 * inputs.c: inputs that are awkward: secrets at every offset around a border,
 * one very long line, overlaps, odd encodings and ends.
 */
#include "property/inputs.h"

#include "base/buf.h"
#include "golden/golden.h"
#include "rules/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOKEN "ghp_{base62:30}{crc32}"
#define PAIR "aws_access_key_id = AKIA{base32:16}\n"

enum { MAX_INPUT = 32 << 20, LONG_LINE = 3 << 20 };

static void add(inputs *list, const char *name, const void *data, size_t len)
{
    input *in;

    list->at = realloc(list->at, (list->len + 1) * sizeof(*list->at));
    if (!list->at)
        abort();
    in = &list->at[list->len++];
    snprintf(in->name, sizeof(in->name), "%s", name);
    in->data = malloc(len + 1);
    if (!in->data)
        abort();
    if (len)
        memcpy(in->data, data, len);
    in->data[len] = '\0';
    in->len = len;
}

static void expand(ss_buf *out, const char *text)
{
    if (ss_template_expand(out, ss_bytes_str(text), 1))
        abort();
}

static void add_template(inputs *list, const char *name, const char *text)
{
    ss_buf b = SS_BUF_INIT(MAX_INPUT);

    expand(&b, text);
    add(list, name, b.data, b.len);
    ss_buf_release(&b);
}

/* A token every `step` bytes: with a step that has no divisor in common with a
 * chunk's core, some token stands at every offset from its borders. */
static void add_every(inputs *list, const char *name, size_t n, size_t step)
{
    ss_buf b = SS_BUF_INIT(MAX_INPUT), token = SS_BUF_INIT(256);

    expand(&token, TOKEN);
    for (size_t i = 0; i < n; i++) {
        ss_buf_add(&b, token.data, token.len);
        while (b.len < (i + 1) * step - 1)
            ss_buf_putc(&b, b.len % 3 ? '.' : ' ');
        ss_buf_putc(&b, '\n');
    }
    add(list, name, b.data, b.len);
    ss_buf_release(&token);
    ss_buf_release(&b);
}

/* One token that ends up across byte 65,536, `before` bytes of it in front. */
static void add_across(inputs *list, size_t before)
{
    ss_buf b = SS_BUF_INIT(MAX_INPUT);
    char name[64];

    while (b.len < 65536 - before)
        ss_buf_putc(&b, b.len % 80 ? '-' : '\n');
    expand(&b, TOKEN " end\n");
    snprintf(name, sizeof(name), "across-65536-by-%zu", before);
    add(list, name, b.data, b.len);
    ss_buf_release(&b);
}

static void add_long_line(inputs *list)
{
    ss_buf b = SS_BUF_INIT(MAX_INPUT), token = SS_BUF_INIT(256);

    expand(&token, TOKEN);
    while (b.len < LONG_LINE) {
        if (b.len % 400009 < 14) {
            ss_buf_add(&b, token.data, token.len);
            ss_buf_putc(&b, ';');
        }
        ss_buf_puts(&b, "var a=[1,2,3];");
    }
    ss_buf_add(&b, token.data, token.len);
    add(list, "one-line-of-3-MB", b.data, b.len);
    ss_buf_release(&token);
    ss_buf_release(&b);
}

/* The same text around bytes that are no text. */
static void add_bytes(inputs *list, const char *name, const void *junk,
                      size_t len)
{
    ss_buf b = SS_BUF_INIT(MAX_INPUT);

    for (int i = 0; i < 3; i++) {
        ss_buf_add(&b, junk, len);
        expand(&b, "token=" TOKEN);
        ss_buf_add(&b, junk, len);
        ss_buf_puts(&b, "\n");
    }
    add(list, name, b.data, b.len);
    ss_buf_release(&b);
}

/* Values that the words above name, in sections and lines around borders. */
static void add_kinds(inputs *list, const char *name, int n, size_t gap)
{
    ss_buf b = SS_BUF_INIT(MAX_INPUT);

    for (int i = 0; i < n; i++) {
        expand(&b, "acmecloud:\n  region: eu\n  keys:\n    api_key: {hex:32}\n"
                   "other:\n  api_key: {hex:32}\n[big acme]\nx = 1\n"
                   "token = {base62:30} ; AC_API_KEY=\"{hex:32}\"\n"
                   "# acmecloud\nkey: {hex:32}, key: {hex:32}\n");
        for (size_t k = 0; k < gap + (size_t)i; k++)
            ss_buf_putc(&b, k % 70 == 69 ? '\n' : ' ');
        ss_buf_putc(&b, '\n');
    }
    add(list, name, b.data, b.len);
    ss_buf_release(&b);
}

void inputs_add_golden(inputs *list, const char *const *folders, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *slash = strrchr(folders[i], '/');
        golden g;
        if (golden_read(&g, folders[i]))
            exit(2);
        add(list, slash ? slash + 1 : folders[i], g.input, g.input_len);
        golden_release(&g);
    }
}

void inputs_add_awkward(inputs *list)
{
    add(list, "empty", "", 0);
    add(list, "newline", "\n", 1);
    add_template(list, "only-a-token", TOKEN);
    add_template(list, "no-final-newline", "a\nb = \"" TOKEN "\"");
    add_template(list, "crlf", "a\r\nb = " TOKEN "\r\n\r\nc = " TOKEN "\r\n");
    add_template(list, "lone-cr", "a\rb = " TOKEN "\rc = " TOKEN "\r");
    add_template(list, "side-by-side", TOKEN " " TOKEN "," TOKEN ";" TOKEN);
    add_template(list, "overlapping",
                 PAIR "password = \"" TOKEN "\"\n"
                      "url = postgres://app:{pass:16}@db.internal/" TOKEN "\n"
                      "{pem:rsa}\nsecret_key: {jwt}\n");
    add_template(list, "wide-characters",
                 "\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x91 = " TOKEN
                 "\n\xf0\x9f\x94\x91\xf0\x9f\x94\x91" TOKEN "\n");
    add_bytes(list, "zeros", "\0\0\0", 3);
    add_bytes(list, "not-utf-8", "\x80\xff\xfe\xc3(\xf8\xed\xa0\x80", 9);
    add_bytes(list, "control", "\x01\x02\x1b[31m\x7f", 8);
    add_every(list, "every-offset-small", 70, 97);
    add_every(list, "every-offset", 1100, 97);
    for (size_t before = 0; before <= 42; before += 3)
        add_across(list, before);
    add_kinds(list, "kinds", 9, 3);
    add_kinds(list, "kinds-far-apart", 40, 600);
    add_template(list, "kind-in-a-long-line",
                 "acmecloud:\n  a: 1 {repeat: :200} \n"
                 "  b: 2 {repeat: :980} api_key: {hex:32}\n");
    add_long_line(list);
}

/* ---- UTF-16 ----------------------------------------------------------- */

static void put_unit(ss_buf *b, unsigned unit, int is_big)
{
    unsigned char bytes[2] = {(unsigned char)(unit & 0xff),
                              (unsigned char)(unit >> 8)};
    unsigned char swapped[2] = {bytes[1], bytes[0]};

    ss_buf_add(b, is_big ? swapped : bytes, 2);
}

/* One code point of valid UTF-8; how many bytes it took. */
static size_t read_code_point(const unsigned char *s, unsigned *out)
{
    size_t n = *s < 0x80 ? 1 : *s < 0xe0 ? 2 : *s < 0xf0 ? 3 : 4;

    *out = n == 1 ? *s : *s & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++)
        *out = *out << 6 | (s[i] & 0x3fu);
    return n;
}

input input_to_utf16(const input *in, int is_big)
{
    ss_buf b = SS_BUF_INIT(MAX_INPUT);
    inputs one = {0};
    input result;
    size_t at = 0;

    put_unit(&b, 0xfeff, is_big);
    while (at < in->len) {
        unsigned c;
        at += read_code_point((const unsigned char *)in->data + at, &c);
        if (c >= 0x10000) {
            put_unit(&b, 0xd800 + ((c - 0x10000) >> 10), is_big);
            put_unit(&b, 0xdc00 + ((c - 0x10000) & 0x3ff), is_big);
        } else {
            put_unit(&b, c, is_big);
        }
    }
    add(&one, in->name, b.data, b.len);
    ss_buf_release(&b);
    result = one.at[0];
    free(one.at);
    return result;
}

void inputs_release(inputs *list)
{
    for (size_t i = 0; i < list->len; i++)
        free(list->at[i].data);
    free(list->at);
    memset(list, 0, sizeof(*list));
}

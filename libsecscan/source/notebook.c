/*
 * notebook.c: the cells of a Jupyter notebook, and what they put out.
 *
 * In: an input with JSON, nbformat 3 or 4. Out: members: "cell 3" with its
 * source as it was typed, "cell 3 output 1" with its text, pictures and
 * attachments (base64) by themselves, and "metadata". What is no notebook has
 * no members: it is text, and scanned as such by whoever opened it.
 */
#include "source/open_container.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/vec.h"
#include "source/input_at.h"

#include <jansson.h>

#include <stdio.h>

/* Parsed, it takes about three times as much. */
#define MAX_NOTEBOOK (128u << 20)
#define MAX_VALUES 2000000u
#define MAX_DEPTH 100

/* How a member's text is made of a value. */
typedef enum part_kind {
    PART_TEXT,    /* a string, or an array of strings that follow each other */
    PART_OUTPUT,  /* the texts of an output */
    PART_SETTINGS /* the strings in it, as lines "key = value" */
} part_kind;

typedef struct part {
    const char *name;
    const json_t *value; /* borrowed of the root */
    part_kind kind;
} part;

typedef struct notebook {
    ss_container base;
    ss_buf bytes; /* of an input that is not in memory */
    json_t *root;
    ss_arena names;
    SS_VEC(part) parts;
    size_t next;
    ss_buf text; /* of the member at hand */
    size_t at;
} notebook;

static int push(notebook *nb, const char *name, const json_t *value,
                part_kind kind)
{
    if (!value)
        return 0;
    return !name || SS_VEC_PUSH(&nb->parts, (part){name, value, kind})
               ? SECSCAN_ERR_NOMEM
               : 0;
}

/* The name of a cell or of an output, and what tells its parts apart. */
static const char *name_part(notebook *nb, const char *of, const char *what)
{
    char name[512];

    snprintf(name, sizeof(name), "%.200s %.250s", of, what);
    return ss_arena_str(&nb->names, name, strlen(name));
}

static const char *name_number(notebook *nb, const char *of, const char *what,
                               size_t n)
{
    char name[512];

    snprintf(name, sizeof(name), "%.200s%s%zu", of, what, n);
    return ss_arena_str(&nb->names, name, strlen(name));
}

/* Keys of an output, by MIME type or as nbformat 3 has them, whose values are
 * base64: they are members of their own, so that what decodes sees where each
 * begins. */
static int is_binary(const char *type)
{
    static const char *const starts[] = {"image/",       "audio/", "video/",
                                         "application/", "font/",  "png",
                                         "jpeg",         "pdf"};
    static const char *const texts[] = {"image/svg", "application/javascript",
                                        "application/json", "application/vnd"};
    int is_start = 0;

    for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
        is_start |= !strncmp(type, starts[i], strlen(starts[i]));
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        if (!strncmp(type, texts[i], strlen(texts[i])))
            return 0;
    return is_start;
}

static int push_binaries(notebook *nb, const char *name, const json_t *data)
{
    const char *type;
    json_t *value;
    int rc = 0;

    /* jansson iterates over what is not const, and changes nothing. */
    json_object_foreach((json_t *)(uintptr_t)data, type, value)
    {
        if (!rc && is_binary(type))
            rc = push(nb, name_part(nb, name, type), value, PART_TEXT);
    }
    return rc;
}

static int push_outputs(notebook *nb, const char *cell, const json_t *outputs)
{
    int rc = 0;

    for (size_t i = 0; !rc && i < json_array_size(outputs); i++) {
        const json_t *output = json_array_get(outputs, i);
        const char *name = name_number(nb, cell, " output ", i + 1);

        rc = push(nb, name, output, PART_OUTPUT);
        if (!rc)
            rc = push_binaries(nb, name, output);
        if (!rc)
            rc = push_binaries(nb, name, json_object_get(output, "data"));
    }
    return rc;
}

static int push_attachments(notebook *nb, const char *cell, const json_t *files)
{
    const char *file, *type;
    json_t *types, *value;
    int rc = 0;

    json_object_foreach((json_t *)(uintptr_t)files, file, types)
    {
        const char *name = name_part(nb, cell, file);

        if (!name)
            return SECSCAN_ERR_NOMEM;
        json_object_foreach(types, type, value)
        {
            if (!rc)
                rc = push(nb, name, value, PART_TEXT);
        }
    }
    return rc;
}

static int push_cell(notebook *nb, const json_t *cell, size_t number)
{
    const char *name = name_number(nb, "cell ", "", number);
    int rc;

    if (!name)
        return SECSCAN_ERR_NOMEM;
    rc = push(nb, name, json_object_get(cell, "source"), PART_TEXT);
    if (!rc) /* nbformat 3 */
        rc = push(nb, name, json_object_get(cell, "input"), PART_TEXT);
    if (!rc)
        rc = push_outputs(nb, name, json_object_get(cell, "outputs"));
    if (!rc)
        rc = push_attachments(nb, name, json_object_get(cell, "attachments"));
    if (!rc)
        rc = push(nb, name_part(nb, name, "metadata"),
                  json_object_get(cell, "metadata"), PART_SETTINGS);
    return rc;
}

static int push_cells(notebook *nb, const json_t *cells, size_t *n)
{
    int rc = 0;

    for (size_t i = 0; !rc && i < json_array_size(cells); i++)
        rc = push_cell(nb, json_array_get(cells, i), ++*n);
    return rc;
}

static int push_all(notebook *nb)
{
    const json_t *sheets = json_object_get(nb->root, "worksheets");
    size_t n = 0;
    int rc = push_cells(nb, json_object_get(nb->root, "cells"), &n);

    for (size_t i = 0; !rc && i < json_array_size(sheets); i++) {
        const json_t *sheet = json_array_get(sheets, i);

        rc = push_cells(nb, json_object_get(sheet, "cells"), &n);
    }
    if (!rc && n)
        rc = push(nb, "metadata", json_object_get(nb->root, "metadata"),
                  PART_SETTINGS);
    return rc;
}

static void close_notebook(ss_container *c)
{
    notebook *nb = (notebook *)c;

    json_decref(nb->root);
    SS_VEC_RELEASE(&nb->parts);
    ss_arena_release(&nb->names);
    ss_buf_release(&nb->bytes);
    ss_buf_release(&nb->text);
    ss_free(nb);
}

/* Not fewer than there are: a value takes up to 200 bytes of memory. */
static size_t count_values(ss_bytes json)
{
    size_t n = 0;

    for (size_t i = 0; i < json.len; i++)
        n += json.data[i] == ',' || json.data[i] == '[' || json.data[i] == '{';
    return n;
}

/* No notebook is no failure: it has no parts. */
static int parse(notebook *nb, const ss_input *input, ss_container_fault *fault)
{
    ss_bytes json;
    int rc = ss_input_all(&json, &nb->bytes, input, MAX_NOTEBOOK);

    if (rc == SECSCAN_ERR_LIMIT)
        *fault = (ss_container_fault){"unsupported", "larger than 128 MiB"};
    if (rc == SECSCAN_ERR_IO)
        *fault = (ss_container_fault){"corrupt", "it ends too early"};
    if (rc)
        return rc;
    if (count_values(json) > MAX_VALUES) {
        *fault = (ss_container_fault){"unsupported", "of too many values"};
        return SECSCAN_ERR_LIMIT;
    }
    if (ss_bytes_starts(json, "\xef\xbb\xbf"))
        json = ss_bytes_of(json.data + 3, json.len - 3);
    nb->root =
        json_loadb((const char *)json.data, json.len, JSON_ALLOW_NUL, NULL);
    ss_buf_release(&nb->bytes);
    return push_all(nb);
}

static int open_notebook(ss_container **out, const ss_container_kind *kind,
                         const ss_input *input, int (*should_stop)(void *ctx),
                         void *ctx, ss_container_fault *fault)
{
    notebook *nb = ss_calloc(1, sizeof(*nb));
    int rc;

    (void)kind;
    (void)should_stop; /* its size bounds the time that it takes */
    (void)ctx;
    if (!nb)
        return SECSCAN_ERR_NOMEM;
    nb->base.ops = &ss_notebook_ops;
    nb->bytes.max = MAX_NOTEBOOK;
    nb->text.max = 4 * (size_t)MAX_NOTEBOOK;
    rc = parse(nb, input, fault);
    if (rc)
        close_notebook(&nb->base);
    else
        *out = &nb->base;
    return rc;
}

/* Failures of the buffer are asked for once, at the end. */
static void add_text(ss_buf *out, const json_t *value)
{
    if (json_is_string(value))
        ss_buf_add(out, json_string_value(value), json_string_length(value));
    for (size_t i = 0; i < json_array_size(value); i++)
        if (json_is_string(json_array_get(value, i)))
            add_text(out, json_array_get(value, i));
}

static void add_setting(ss_buf *out, const char *key, const json_t *value)
{
    const char *text = json_string_value(value);
    size_t len = json_string_length(value);

    ss_buf_puts(out, key);
    ss_buf_puts(out, memchr(text, '\n', len) ? " =\n" : " = ");
    ss_buf_add(out, text, len);
    ss_buf_putc(out, '\n');
}

static void add_settings(ss_buf *out, const char *key, const json_t *value,
                         int depth)
{
    const char *inner_key;
    json_t *inner;

    if (depth > MAX_DEPTH)
        return;
    if (json_is_string(value))
        add_setting(out, key, value);
    for (size_t i = 0; i < json_array_size(value); i++)
        add_settings(out, key, json_array_get(value, i), depth + 1);
    json_object_foreach((json_t *)(uintptr_t)value, inner_key, inner)
    {
        add_settings(out, inner_key, inner, depth + 1);
    }
}

static void add_line_end(ss_buf *out)
{
    if (out->len && out->data[out->len - 1] != '\n')
        ss_buf_putc(out, '\n');
}

/* Lines of tracebacks have no ends of their own. */
static void add_traceback(ss_buf *out, const json_t *lines)
{
    for (size_t i = 0; i < json_array_size(lines); i++) {
        add_text(out, json_array_get(lines, i));
        add_line_end(out);
    }
}

static int add_json(const char *text, size_t len, void *ctx)
{
    return ss_buf_add(ctx, text, len);
}

/* Of an output, beside its texts: "stream", "stdout", and what is text in other
 * ways. */
static int is_no_text(const char *key, const json_t *value)
{
    static const char *const keys[] = {"output_type", "name", "data",
                                       "traceback"};

    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
        if (!strcmp(key, keys[i]))
            return 1;
    return is_binary(key) ||
           (json_is_object(value) && !json_object_size(value));
}

static void add_texts(ss_buf *out, const json_t *output)
{
    const char *type;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)output, type, value)
    {
        if (is_no_text(type, value))
            continue;
        if (json_is_object(value))
            json_dump_callback(value, add_json, out, JSON_COMPACT);
        else
            add_text(out, value);
        add_line_end(out);
    }
}

static void add_output(ss_buf *out, const json_t *output)
{
    add_texts(out, output);
    add_texts(out, json_object_get(output, "data"));
    add_traceback(out, json_object_get(output, "traceback"));
}

static int make_text(notebook *nb, const part *p)
{
    ss_buf_reset(&nb->text);
    nb->at = 0;
    if (p->kind == PART_TEXT)
        add_text(&nb->text, p->value);
    else if (p->kind == PART_OUTPUT)
        add_output(&nb->text, p->value);
    else
        add_settings(&nb->text, "metadata", p->value, 0);
    return nb->text.failed ? SECSCAN_ERR_NOMEM : 0;
}

static int next(ss_container *c, ss_member *out, ss_container_fault *fault)
{
    notebook *nb = (notebook *)c;

    (void)fault;
    while (nb->next < nb->parts.len) {
        const part *p = &nb->parts.at[nb->next++];
        int rc = make_text(nb, p);

        if (rc)
            return rc;
        if (!nb->text.len)
            continue;
        *out = (ss_member){.name = p->name, .size = nb->text.len};
        return 1;
    }
    return 0;
}

static ptrdiff_t read_member(ss_container *c, void *to, size_t len,
                             ss_container_fault *fault)
{
    notebook *nb = (notebook *)c;

    (void)fault;
    if (len > nb->text.len - nb->at)
        len = nb->text.len - nb->at;
    if (len)
        memcpy(to, nb->text.data + nb->at, len);
    nb->at += len;
    return (ptrdiff_t)len;
}

const ss_opens_ops ss_notebook_ops = {open_notebook, next, read_member, NULL,
                                      close_notebook};

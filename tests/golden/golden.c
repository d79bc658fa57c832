/*
 * golden.c: read a golden case.
 */
#include "golden/golden.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "rules/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FILE = 1 << 20 };

/* NULL when there is no such file. */
static char *read_text(const char *folder, const char *name)
{
    char path[4096];
    char *text;
    FILE *file;
    size_t len;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "rb");
    if (!file)
        return NULL;
    text = malloc(MAX_FILE + 1);
    len = text ? fread(text, 1, MAX_FILE, file) : 0;
    fclose(file);
    if (text)
        text[len] = '\0';
    return text;
}

static int expand_input(golden *g, const char *folder)
{
    char *text = read_text(folder, "input.txt");
    ss_buf expanded = SS_BUF_INIT((size_t)16 << 20);

    if (!text || ss_template_expand(&expanded, ss_bytes_str(text), 1)) {
        fprintf(stderr, "%s: no input.txt, or a wrong one\n", folder);
        free(text);
        return -1;
    }
    g->input = malloc(expanded.len + 1);
    if (!g->input)
        abort();
    memcpy(g->input, expanded.data, expanded.len);
    g->input_len = expanded.len;
    ss_buf_release(&expanded);
    free(text);
    return 0;
}

int golden_read(golden *out, const char *folder)
{
    memset(out, 0, sizeof(*out));
    if (expand_input(out, folder))
        return -1;
    out->expected = read_text(folder, "expected.jsonl");
    if (!out->expected)
        out->expected = calloc(1, 1);
    out->name = read_text(folder, "name");
    if (out->name)
        out->name[strcspn(out->name, "\n")] = '\0';
    return 0;
}

int golden_write_expected(const char *folder, const char *text)
{
    char path[4096];
    FILE *file;
    int rc;

    snprintf(path, sizeof(path), "%s/expected.jsonl", folder);
    file = fopen(path, "wb");
    if (!file)
        return -1;
    rc = fputs(text, file) < 0;
    return fclose(file) || rc ? -1 : 0;
}

void golden_release(golden *g)
{
    free(g->input);
    free(g->expected);
    free(g->name);
    memset(g, 0, sizeof(*g));
}

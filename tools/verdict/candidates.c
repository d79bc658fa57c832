/*
 * candidates.c: what the scoring model is trained on: every value that a
 * generic rule proposes in the files named on stdin, with its facts, before any
 * verdict.
 *
 *     find DIR -type f | candidates > candidates.jsonl
 *
 * One JSON object a line; the values stand there in the clear.
 */
#include "scan/facts.h"
#include "scan/filter.h"
#include "scan/pipeline.h"
#include "scan/verdict.h"

#include <secscan.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_FILE ((size_t)8 << 20)

static const char *path_at_hand;

static void put_facts(json_t *out, const ss_match *m, ss_bytes secret)
{
    ss_facts facts;
    json_t *list = json_array();

    ss_facts_begin(&facts, m->line, m->secret_at, secret.len);
    ss_facts_finish(&facts);
    for (size_t i = 0; i < SS_N_FACTS; i++)
        json_array_append_new(list, json_integer(facts.at[i]));
    json_object_set_new(out, "facts", list);
}

/* Bytes that are no UTF-8 are not text that a person chose: left out. */
static int on_match(void *ctx, ss_match *m, int *is_taken)
{
    ss_bytes secret = ss_match_secret(m);
    json_t *text, *out;

    (void)ctx;
    *is_taken = 0;
    if (!m->rule->is_generic)
        return 0;
    text = json_stringn((const char *)secret.data, secret.len);
    if (!text)
        return 0;
    out = json_pack("{ss ss so sb sb sb}", "path", path_at_hand, "rule",
                    m->rule->id, "secret", text, "placeholder",
                    ss_is_placeholder(secret), "read",
                    ss_is_read(m->line, m->secret_at, secret.len), "possible",
                    ss_is_possible(m->line, m->secret_at, secret.len));
    put_facts(out, m, secret);
    json_object_set_new(out, "offset",
                        json_integer((json_int_t)m->secret_from));
    json_dumpf(out, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(out);
    return 0;
}

static int on_limit(void *ctx, uint64_t offset)
{
    (void)ctx;
    (void)offset;
    return 0;
}

static int on_delivery(void *ctx, const ss_match *match)
{
    (void)ctx;
    (void)match;
    return 0;
}

static void scan(ss_scanner *s, ss_bytes bytes)
{
    const ss_match_sink deaf = {NULL, on_delivery, NULL};
    secscan_error err;

    if (ss_scanner_begin(s, &deaf, &err))
        return;
    s->err = &err;
    s->encoding = PLAIN;
    s->found = (ss_extract_sink){NULL, on_match, on_limit};
    for (size_t from = 0; from < bytes.len; from += s->core) {
        size_t left = bytes.len - from;

        if (ss_pipeline_core(s, bytes, 0, from,
                             from + (left < s->core ? left : s->core)))
            break;
    }
    ss_pipeline_close(s, 0);
}

static void scan_path(ss_scanner *s, uint8_t *room)
{
    FILE *file = fopen(path_at_hand, "rb");

    if (!file)
        return;
    scan(s, (ss_bytes){room, fread(room, 1, MAX_FILE, file)});
    fclose(file);
}

int main(void)
{
    static char line[8192];
    uint8_t *room = malloc(MAX_FILE);
    secscan_rules *rules = NULL;
    ss_scanner *s = NULL;
    secscan_error err;

    if (!room || secscan_rules_load(&rules, NULL, 0, NULL, &err) ||
        ss_scanner_new(&s, ss_rules_set(rules), 0, &err)) {
        fputs("candidates: cannot load the rules\n", stderr);
        return 2;
    }
    while (fgets(line, sizeof(line), stdin)) {
        line[strcspn(line, "\n")] = 0;
        path_at_hand = line;
        scan_path(s, room);
    }
    ss_scanner_free(s);
    secscan_rules_free(rules);
    free(room);
    return 0;
}

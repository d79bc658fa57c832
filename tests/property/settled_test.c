/*
 * settled_test.c: settled_test FOLDER...: whatever is told of a stream to be
 * settled is: no finding that comes later, and no part of one, stands in front
 * of it; it never falls, and never passes what was fed. With the chunks and
 * cuts of some seeds, as UTF-8 and UTF-16, with and without every place.
 */
#include "property/inputs.h"
#include "property/pick.h"

#include <secscan.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_SEEDS = 4, MAX_LEN = 300000 };

typedef struct stream {
    secscan_scanner *scanner;
    const char *name;
    uint64_t settled; /* told last */
    size_t n_findings;
} stream;

static int n_failures;

static void must(int rc, const secscan_error *err)
{
    if (rc == SECSCAN_OK)
        return;
    fprintf(stderr, "%s: %s\n", secscan_status_name(rc), err->message);
    exit(2);
}

static void fail(const stream *s, const char *what, uint64_t at)
{
    n_failures++;
    printf("%s: %s at %llu, and %llu are settled\n", s->name, what,
           (unsigned long long)at, (unsigned long long)s->settled);
}

static void check_place(const stream *s, const char *rule,
                        const secscan_place *place)
{
    if (!place->file_len && place->offset < s->settled)
        fail(s, rule, place->offset);
}

static int on_finding(void *ctx, const secscan_finding *f)
{
    stream *s = ctx;

    s->n_findings++;
    check_place(s, f->rule, &f->place);
    for (size_t i = 0; i < f->n_parts; i++)
        check_place(s, f->parts[i].rule, &f->parts[i].place);
    return 0;
}

static void ask(stream *s, uint64_t n_fed)
{
    uint64_t settled = secscan_stream_settled(s->scanner);

    if (settled < s->settled)
        fail(s, "it falls", settled);
    if (settled > n_fed)
        fail(s, "not even fed", settled);
    s->settled = settled;
}

static void feed(stream *s, const input *in, size_t most, secscan_error *err)
{
    for (size_t at = 0, len; at < in->len; at += len) {
        len = 1 + pick(most);
        len = len < in->len - at ? len : in->len - at;
        must(secscan_stream_feed(s->scanner, in->data + at, len, err), err);
        ask(s, at + len);
    }
}

static size_t scan(secscan_rules *rules, const input *in, uint32_t flags)
{
    static char containers[] = CONTAINERS;
    static const size_t cores[] = {1000, 4096, 65536, 0};
    static const size_t steps[] = {300, 5000, 100000};
    secscan_scan_options options = {.size = sizeof(options),
                                    .flags = flags,
                                    .chunk_core = cores[pick(4)],
                                    .opener = secscan_load_containers,
                                    .opener_ctx = containers};
    stream s = {.name = in->name};
    secscan_sink sink = {sizeof(sink), &s, on_finding, NULL, NULL};
    secscan_error err = {0};

    must(secscan_scanner_new(&s.scanner, rules, &options, &err), &err);
    must(secscan_stream_begin(s.scanner, "input", &sink, &err), &err);
    feed(&s, in, steps[pick(3)], &err);
    must(secscan_stream_end(s.scanner, &err), &err);
    secscan_scanner_free(s.scanner);
    return s.n_findings;
}

static void check(secscan_rules *rules, const input *in)
{
    size_t n = scan(rules, in, 0);
    size_t n_every = scan(rules, in, SECSCAN_SCAN_EVERY_PLACE);

    if (n_every >= n)
        return;
    n_failures++;
    printf("%s: %zu findings, at every place %zu\n", in->name, n, n_every);
}

/* Lines of `text`. */
static void put_text(char *to, size_t n, const char *text)
{
    size_t len = strlen(text), at = 0;

    for (; at + len <= n; at += len)
        memcpy(to + at, text, len);
    memset(to + at, '\n', n - at);
}

/* Behind as much text as lets a small core's results go early; characters of
 * two bytes are one unit of UTF-16. */
static input lengthen(const input *in)
{
    static const char *const texts[] = {
        "just words just words just words just words\n",
        "\xc3\xa9\xc3\xa8\xc3\xa9\xc3\xa8\xc3\xa9\xc3\xa8\xc3\xa9\xc3\xa8\n"};
    enum { BEFORE = 50000, BEHIND = 150000 };
    const char *text = texts[pick(2)];
    input out = {.len = in->len + BEFORE + BEHIND};

    snprintf(out.name, sizeof(out.name), "%s", in->name);
    out.data = malloc(out.len + 1);
    if (!out.data)
        exit(2);
    put_text(out.data, BEFORE, text);
    memcpy(out.data + BEFORE, in->data, in->len);
    put_text(out.data + BEFORE + in->len, BEHIND, text);
    return out;
}

static void check_forms(secscan_rules *rules, const input *in)
{
    input longer = lengthen(in);
    input wide = input_to_utf16(&longer, (int)pick(2));

    check(rules, in);
    check(rules, &longer);
    check(rules, &wide);
    free(longer.data);
    free(wide.data);
}

int main(int argc, char **argv)
{
    static const char *const paths[] = {KINDS, WIDE};
    secscan_rules *rules = NULL;
    secscan_error err = {0};
    inputs list = {0};

    must(secscan_rules_load(&rules, paths, 2, NULL, &err), &err);
    inputs_add_golden(&list, (const char *const *)argv + 1,
                      argc > 1 ? (size_t)argc - 1 : 0);
    inputs_add_awkward(&list);
    for (size_t i = 0; i < list.len * N_SEEDS; i++) {
        pick_state = i;
        if (list.at[i % list.len].len <= MAX_LEN)
            check_forms(rules, &list.at[i % list.len]);
    }
    inputs_release(&list);
    secscan_rules_free(rules);
    printf("%d failures\n", n_failures);
    return n_failures != 0;
}

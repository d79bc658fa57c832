/*
 * entries.c: the lines of .secscanignore or of a baseline, to be changed and
 * written again. Sorted lines with the random digits of fingerprints in front
 * seldom meet in a merge, and duplicates of a union merge are one.
 */
#include "base/alloc.h"
#include "base/map.h"
#include "base/vec.h"
#include "entry.h"
#include "policy.h"

#include <stdlib.h>

typedef struct item {
    secscan_entry entry;
    ss_bytes above; /* comments, and lines that are no entries */
    size_t place;   /* in the list, so that sorting is stable */
    int is_removed;
} item;

struct secscan_entries {
    SS_VEC(item) items;
    ss_map places; /* of keys, in `items` */
    ss_bytes head; /* comments up to the first blank line */
    ss_bytes tail;
    ss_arena arena;
};

/* ---- what is the same ---- */

static int compare_strings(const char *a, const char *b)
{
    if (!a || !b)
        return (a != NULL) - (b != NULL);
    return strcmp(a, b);
}

/* Fingerprint, place and rule as one text; no data: out of memory. */
static ss_bytes key_of(secscan_entries *entries, const secscan_entry *e)
{
    const char *const parts[] = {e->fingerprint, e->path, e->source, e->rule,
                                 e->is_everywhere ? "" : NULL};
    ss_buf text = SS_BUF_INIT((size_t)1 << 24);
    ss_bytes key = {NULL, 0};

    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
        ss_buf_putc(&text, parts[i] ? '+' : '-');
        ss_buf_add(&text, parts[i] ? parts[i] : "",
                   parts[i] ? strlen(parts[i]) + 1 : 1);
    }
    if (!text.failed) {
        key.data = ss_arena_copy(&entries->arena, text.data, text.len);
        key.len = key.data ? text.len : 0;
    }
    ss_buf_release(&text);
    return key;
}

static int add_item(secscan_entries *entries, const item *it)
{
    ss_bytes key = key_of(entries, &it->entry);
    int is_new;
    ss_map_entry *at =
        key.data ? ss_map_put(&entries->places, key, &is_new) : NULL;

    if (!at)
        return SECSCAN_ERR_NOMEM;
    if (is_new || entries->items.at[at->value.num].is_removed)
        at->value.num = entries->items.len;
    return SS_VEC_PUSH(&entries->items, *it) ? SECSCAN_ERR_NOMEM : 0;
}

/* By fingerprint, place and rule. */
static int compare_keys(const secscan_entry *a, const secscan_entry *b)
{
    int order = strcmp(a->fingerprint, b->fingerprint);

    if (!order)
        order = (int)a->is_everywhere - (int)b->is_everywhere;
    if (!order)
        order = compare_strings(a->path, b->path);
    if (!order)
        order = compare_strings(a->source, b->source);
    return order ? order : compare_strings(a->rule, b->rule);
}

static int compare_items(const void *left, const void *right)
{
    const item *a = left, *b = right;
    int order = compare_keys(&a->entry, &b->entry);

    if (order)
        return order;
    return a->place < b->place ? -1 : a->place > b->place;
}

/* Of two answers the graver one. */
static const char *graver(const char *a, const char *b)
{
    static const char *const words[] = {"real", "test", "false"};

    for (size_t i = 0; i < 3; i++) {
        if ((a && !strcmp(a, words[i])) || (b && !strcmp(b, words[i])))
            return words[i];
    }
    return NULL;
}

/* Both hide, so the later day counts. */
static void join(secscan_entry *into, const secscan_entry *from)
{
    if (!from->until || (into->until && strcmp(from->until, into->until) > 0))
        into->until = from->until;
    into->verdict = graver(into->verdict, from->verdict);
    if (!*into->reason)
        into->reason = from->reason;
}

/* ---- reading ---- */

/* From the start of the lines that wait to the end of `line`. */
static ss_bytes up_to(const uint8_t *start, const uint8_t *end)
{
    return ss_bytes_of(start, (size_t)(end - start));
}

static int is_blank(ss_bytes line)
{
    for (size_t i = 0; i < line.len; i++) {
        if (!strchr(" \t\r", line.data[i]))
            return 0;
    }
    return 1;
}

static int read_all(secscan_entries *entries, ss_bytes text, secscan_error *err)
{
    const uint8_t *waiting = text.data;
    uint32_t number = 0;
    ss_bytes line;

    while (ss_bytes_line(&line, &text)) {
        const char *why;
        item it = {.above = up_to(waiting, line.data)};
        int status = ss_entry_parse(&it.entry, line, &entries->arena, &why);

        number++;
        if (status < 0)
            return ss_fail_nomem(err);
        if (status == SS_ENTRY_NONE && is_blank(line) && !entries->items.len &&
            !entries->head.len) {
            entries->head = up_to(waiting, text.data);
            waiting = text.data;
        }
        if (status != SS_ENTRY_READ)
            continue;
        it.entry.line = number;
        it.place = entries->items.len;
        waiting = text.data;
        if (add_item(entries, &it))
            return ss_fail_nomem(err);
    }
    entries->tail = up_to(waiting, text.data);
    return 0;
}

int secscan_entries_parse(secscan_entries **out, const void *text, size_t len,
                          secscan_error *err)
{
    secscan_entries *entries;
    const void *copy;
    int rc;

    if (!out || (!text && len))
        return ss_fail(err, SECSCAN_ERR_ARG, "out or text is NULL");
    if (len > SS_MAX_POLICY_TEXT)
        return ss_fail(err, SECSCAN_ERR_LIMIT, "the file is too large");
    entries = ss_calloc(1, sizeof(*entries));
    if (!entries)
        return ss_fail_nomem(err);
    copy = ss_arena_copy(&entries->arena, text, len);
    rc = copy ? read_all(entries, ss_bytes_of(copy, len), err)
              : ss_fail_nomem(err);
    if (rc)
        secscan_entries_free(entries);
    else
        *out = entries;
    return rc;
}

void secscan_entries_free(secscan_entries *entries)
{
    if (!entries)
        return;
    SS_VEC_RELEASE(&entries->items);
    ss_map_release(&entries->places);
    ss_arena_release(&entries->arena);
    ss_free(entries);
}

size_t secscan_entries_count(const secscan_entries *entries)
{
    return entries->items.len;
}

const secscan_entry *secscan_entries_at(const secscan_entries *entries,
                                        size_t index)
{
    if (index >= entries->items.len || entries->items.at[index].is_removed)
        return NULL;
    return &entries->items.at[index].entry;
}

size_t secscan_entries_find(const secscan_entries *entries,
                            const secscan_entry *entry)
{
    secscan_entries own = {.arena = SS_ARENA_INIT};
    ss_bytes key = key_of(&own, entry);
    const ss_map_entry *at =
        key.data ? ss_map_get(&entries->places, key) : NULL;

    ss_arena_release(&own.arena);
    if (!at || entries->items.at[at->value.num].is_removed)
        return SIZE_MAX;
    return (size_t)at->value.num;
}

/* ---- changes ---- */

/* NULL stays NULL; *failed when out of memory. */
static const char *keep(secscan_entries *entries, const char *text, int *failed)
{
    const char *copy;

    if (!text)
        return NULL;
    copy = ss_arena_str(&entries->arena, text, strlen(text));
    *failed |= !copy;
    return copy;
}

static int copy_entry(secscan_entries *entries, secscan_entry *out,
                      const secscan_entry *from)
{
    int failed = 0;

    *out = *from;
    out->fingerprint = keep(entries, from->fingerprint, &failed);
    out->path = keep(entries, from->path, &failed);
    out->source = keep(entries, from->source, &failed);
    out->rule = keep(entries, from->rule, &failed);
    out->until = keep(entries, from->until, &failed);
    out->verdict = keep(entries, from->verdict, &failed);
    out->reason = keep(entries, from->reason ? from->reason : "", &failed);
    return failed ? SECSCAN_ERR_NOMEM : 0;
}

int secscan_entries_put(secscan_entries *entries, const secscan_entry *entry,
                        secscan_error *err)
{
    const char *why = entry ? ss_entry_check(entry) : "it is NULL";
    item it = {.place = entries->items.len};
    size_t at;

    if (why)
        return ss_fail(err, SECSCAN_ERR_ARG, "no entry: %s", why);
    if (copy_entry(entries, &it.entry, entry))
        return ss_fail_nomem(err);
    at = secscan_entries_find(entries, entry);
    it.entry.line = 0;
    if (at == SIZE_MAX)
        return add_item(entries, &it) ? ss_fail_nomem(err) : 0;
    entries->items.at[at].entry = it.entry;
    return 0;
}

void secscan_entries_remove(secscan_entries *entries, size_t index)
{
    if (index < entries->items.len)
        entries->items.at[index].is_removed = 1;
}

/* ---- writing ---- */

/* Lines of a file, the last one with its end. */
static void put_lines(ss_buf *out, ss_bytes lines)
{
    ss_buf_add(out, lines.data, lines.len);
    if (lines.len && lines.data[lines.len - 1] != '\n')
        ss_buf_putc(out, '\n');
}

/* Items of one key as one line, unless all of them are removed; how many. */
static size_t put_group(ss_buf *out, const item *items, size_t n)
{
    secscan_entry entry;
    int is_there = 0;
    size_t i = 0;

    for (; i < n && !compare_keys(&items[i].entry, &items[0].entry); i++) {
        put_lines(out, items[i].above);
        if (items[i].is_removed)
            continue;
        if (is_there)
            join(&entry, &items[i].entry);
        else
            entry = items[i].entry;
        is_there = 1;
    }
    if (is_there)
        ss_entry_write(out, &entry);
    return i;
}

static void put_items(ss_buf *out, const item *items, size_t n)
{
    while (n) {
        size_t done = put_group(out, items, n);

        items += done;
        n -= done;
    }
}

int secscan_entries_write(const secscan_entries *entries,
                          int (*write)(void *ctx, const char *data, size_t len),
                          void *ctx, secscan_error *err)
{
    ss_buf out = SS_BUF_INIT(2 * SS_MAX_POLICY_TEXT);
    size_t n = entries->items.len;
    item *items = ss_alloc(n * sizeof(*items));
    int rc = 0;

    if (!items)
        return ss_fail_nomem(err);
    if (n)
        memcpy(items, entries->items.at, n * sizeof(*items));
    if (n)
        qsort(items, n, sizeof(*items), compare_items);
    put_lines(&out, entries->head);
    put_items(&out, items, n);
    put_lines(&out, entries->tail);
    if (out.failed)
        rc = ss_fail_nomem(err);
    else if (out.len && write(ctx, (const char *)out.data, out.len))
        rc = ss_fail(err, SECSCAN_ERR_IO, "the entries cannot be written");
    ss_buf_release(&out);
    ss_free(items);
    return rc;
}

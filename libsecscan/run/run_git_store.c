/*
 * run_git_store.c: intern forms and secrets, keep hits.
 */
#include "run_git_store.h"

#include "base/alloc.h"

#include <stdlib.h>

void ss_git_store_init(ss_git_store *store, const secscan_scanner *handle)
{
    memset(store, 0, sizeof(*store));
    store->handle = handle;
}

void ss_git_store_release(ss_git_store *store)
{
    SS_VEC_RELEASE(&store->forms);
    SS_VEC_RELEASE(&store->hits);
    ss_map_release(&store->form_numbers);
    ss_map_release(&store->secrets);
    ss_free(store->first_hit);
    ss_arena_release(&store->arena);
    memset(store, 0, sizeof(*store));
}

/* What makes two matches the same form, in front of the line itself. */
typedef struct form_head {
    uint64_t match_at, match_len, secret_at, secret_len, encoded_len;
    uint32_t rule_number, n_parts;
    uint8_t evidence, severity, confidence, is_hygiene, is_path;
} form_head;

/* And of each of its parts, in front of its secret. */
typedef struct part_head {
    uint64_t offset, line_start, line_end, column_start, column_end, len;
    const ss_rule *rule;
} part_head;

static void add_part(ss_buf *key, const ss_part *part)
{
    part_head head;

    memset(&head, 0, sizeof(head));
    head.offset = part->offset;
    head.line_start = part->line_start;
    head.line_end = part->line_end;
    head.column_start = part->column_start;
    head.column_end = part->column_end;
    head.len = part->secret.len;
    head.rule = part->rule;
    ss_buf_add(key, &head, sizeof(head));
    ss_buf_add(key, part->secret.data, part->secret.len);
}

static int form_key(ss_buf *key, const ss_match *m, ss_bytes tail, int is_path)
{
    form_head head;

    memset(&head, 0, sizeof(head));
    head.match_at = m->match_at;
    head.match_len = m->match_len;
    head.secret_at = m->secret_at;
    head.secret_len = m->secret_len;
    head.encoded_len = m->encoded.len;
    head.rule_number = m->rule_number;
    head.n_parts = (uint32_t)m->n_parts;
    head.evidence = m->evidence;
    head.severity = m->severity;
    head.confidence = m->confidence;
    head.is_hygiene = m->is_hygiene;
    head.is_path = (uint8_t)is_path;
    ss_buf_add(key, &head, sizeof(head));
    for (size_t i = 0; i < m->n_parts; i++)
        add_part(key, &m->parts[i]);
    ss_buf_add(key, m->encoded.data, m->encoded.len);
    ss_buf_add(key, tail.data, tail.len);
    return key->failed ? SECSCAN_ERR_NOMEM : 0;
}

static int number_secret(ss_git_store *store, ss_bytes secret, uint32_t *out)
{
    char text[SS_FINGERPRINT_TEXT];
    ss_map_entry *entry;
    int is_new;

    ss_fingerprint(text, &store->handle->key, secret);
    entry = ss_map_put(&store->secrets, ss_bytes_str(text), &is_new);
    if (!entry)
        return SECSCAN_ERR_NOMEM;
    if (is_new) {
        entry->key.data = ss_arena_copy(&store->arena, text, sizeof(text));
        entry->value.num = store->secrets.len - 1;
        if (!entry->key.data)
            return SECSCAN_ERR_NOMEM;
    }
    *out = (uint32_t)entry->value.num;
    return 0;
}

/* Rules that lost at any of the form's places are listed in it. */
static int merge_also(ss_git_store *store, ss_match *into, const ss_match *from)
{
    uint32_t *all;
    size_t n = into->n_also;

    if (!from->n_also)
        return 0;
    all = ss_arena_alloc(&store->arena, (n + from->n_also) * sizeof(*all));
    if (!all)
        return SECSCAN_ERR_NOMEM;
    if (n)
        memcpy(all, into->also, n * sizeof(*all));
    for (size_t i = 0; i < from->n_also; i++) {
        size_t k = 0;

        while (k < n && all[k] != from->also[i])
            k++;
        if (k == n)
            all[n++] = from->also[i];
    }
    if (n == into->n_also)
        return 0;
    into->also = all;
    into->n_also = n;
    return 0;
}

static int copy_form(ss_git_store *store, ss_git_form *form,
                     const ss_match *match)
{
    ss_match bare = *match;

    bare.also = NULL;
    bare.n_also = 0;
    bare.whole = NULL;
    bare.member = NULL;
    if (ss_match_copy(&form->match, &bare, &store->arena))
        return SECSCAN_ERR_NOMEM;
    return merge_also(store, &form->match, match);
}

static int number_form(ss_git_store *store, const ss_match *match,
                       ss_bytes secret, int is_path, uint32_t *out)
{
    ss_buf key = SS_BUF_INIT(SIZE_MAX / 4);
    ss_git_form form;
    ss_map_entry *entry = NULL;
    int is_new, rc;

    rc = form_key(&key, match, is_path ? secret : match->line, is_path);
    if (!rc)
        entry = ss_map_put(&store->form_numbers, ss_buf_bytes(&key), &is_new);
    if (!entry) {
        rc = SECSCAN_ERR_NOMEM;
        goto out;
    }
    if (!is_new) {
        *out = (uint32_t)entry->value.num;
        rc = merge_also(store, &store->forms.at[*out].match, match);
        goto out;
    }
    *out = (uint32_t)store->forms.len;
    entry->value.num = *out;
    entry->key.data = ss_arena_copy(&store->arena, key.data, key.len);
    rc = entry->key.data ? copy_form(store, &form, match) : SECSCAN_ERR_NOMEM;
    if (!rc)
        rc = number_secret(store, secret, &form.secret);
    if (!rc && SS_VEC_PUSH(&store->forms, form))
        rc = SECSCAN_ERR_NOMEM;
out:
    ss_buf_release(&key);
    return rc;
}

/* Wherever the whole stands, its parts stand beside it. */
static int number_whole(ss_git_store *store, const ss_match *match,
                        uint32_t *out)
{
    ss_part parts[SS_MAX_PARTS];
    ss_match m = *match;

    ss_assert(m.n_parts <= SS_MAX_PARTS);
    for (size_t i = 0; i < m.n_parts; i++) {
        parts[i] = m.parts[i];
        parts[i].offset -= m.offset; /* modulo 2^64 */
        parts[i].line_start -= m.line_start;
        parts[i].line_end -= m.line_start;
    }
    m.parts = parts;
    if (m.identity.len)
        return number_form(store, &m, m.identity, 1, out);
    return number_form(store, &m, ss_match_secret(&m), 0, out);
}

/* Where in its object, in the arena. */
static int keep_way(ss_git_store *store, ss_git_hit *hit, const ss_match *match)
{
    const char *member = match->member;

    if (member) {
        hit->member = ss_arena_str(&store->arena, member, strlen(member));
        if (!hit->member)
            return SECSCAN_ERR_NOMEM;
    }
    if (match->encodings.n) {
        hit->encodings = ss_arena_copy(&store->arena, &match->encodings,
                                       sizeof(match->encodings));
        if (!hit->encodings)
            return SECSCAN_ERR_NOMEM;
    }
    return 0;
}

int ss_git_store_add(ss_git_store *store, const ss_match *match,
                     uint32_t object, secscan_source source, const char *path)
{
    ss_git_hit hit = {.whole = SS_NO_FORM,
                      .object = object,
                      .source = (uint8_t)source,
                      .path = path,
                      .offset = match->offset,
                      .line_start = match->line_start,
                      .line_end = match->line_end,
                      .column_start = match->column_start,
                      .column_end = match->column_end};
    int rc;

    rc = keep_way(store, &hit, match);
    if (!rc)
        rc = number_whole(store, match, &hit.form);
    if (!rc && match->whole)
        rc = number_whole(store, match->whole, &hit.whole);
    if (rc)
        return rc;
    return SS_VEC_PUSH(&store->hits, hit) ? SECSCAN_ERR_NOMEM : 0;
}

int ss_git_store_add_path(ss_git_store *store, const ss_match *match,
                          const char *path, uint32_t *form)
{
    return number_form(store, match, ss_bytes_str(path), 1, form);
}

static int compare_members(const char *a, const char *b)
{
    if (!a || !b)
        return (a != NULL) - (b != NULL);
    return strcmp(a, b);
}

static int compare_hits(const void *left, const void *right)
{
    const ss_git_hit *a = left, *b = right;

    if (a->object != b->object)
        return a->object < b->object ? -1 : 1;
    if (a->source != b->source)
        return (int)a->source - (int)b->source;
    if (a->path && b->path && strcmp(a->path, b->path) != 0)
        return strcmp(a->path, b->path);
    if (compare_members(a->member, b->member))
        return compare_members(a->member, b->member);
    if (a->offset != b->offset)
        return a->offset < b->offset ? -1 : 1;
    return a->form < b->form ? -1 : a->form > b->form;
}

int ss_git_store_sort_hits(ss_git_store *store, size_t n_objects)
{
    size_t n = store->hits.len;

    if (n)
        qsort(store->hits.at, n, sizeof(*store->hits.at), compare_hits);
    store->first_hit = ss_calloc(n_objects, sizeof(uint32_t));
    if (!store->first_hit)
        return SECSCAN_ERR_NOMEM;
    for (size_t i = n; i-- > 0;) {
        if (store->hits.at[i].object != SS_NO_OBJECT)
            store->first_hit[store->hits.at[i].object] = (uint32_t)i + 1;
    }
    return 0;
}

const ss_git_hit *ss_git_store_hits(const ss_git_store *store, uint32_t object,
                                    size_t *n)
{
    size_t from = store->first_hit[object], to;

    *n = 0;
    if (!from)
        return NULL;
    for (to = from; to < store->hits.len; to++) {
        if (store->hits.at[to].object != object)
            break;
    }
    *n = to - from + 1;
    return &store->hits.at[from - 1];
}

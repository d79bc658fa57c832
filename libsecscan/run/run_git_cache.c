/*
 * run_git_cache.c: clean objects, in a file. Sections of rows, the widest
 * first, so that all are aligned; objects are numbered by their sorted ids.
 *
 *     head, commits, parents, tags, trees, entries, ends of names, ids,
 *     one byte an object: is it clean?, names
 *
 * Written and read on one kind of machine: another one reads another magic.
 */
#include "run/run_git_cache.h"

#include "base/alloc.h"
#include "os/private.h"
#include "run/budget.h"
#include "scan/fingerprint.h"

#define MAGIC 0x31434753u /* "SGC1" */
#define MAX_FILE ((size_t)1 << 31)
#define MAX_FILES 16u /* of the repositories scanned last */
#define NAME_LEN 32u

typedef struct head {
    uint32_t magic, id_len;
    uint32_t n_objects, n_commits, n_parents, n_tags, n_trees, n_entries;
    uint32_t n_names, len_names;
    uint32_t n_clean, has_gitlinks;
    uint8_t key[SS_SEAL_LEN];  /* of what the verdicts follow from */
    uint8_t seal[SS_SEAL_LEN]; /* of the file, with this empty */
} head;

typedef struct commit_row {
    int64_t time;
    uint32_t object, tree, first_parent, n_parents;
} commit_row;

typedef struct tag_row {
    uint32_t object, target;
} tag_row;

typedef struct tree_row {
    uint32_t object, first_entry, n_entries;
} tree_row;

typedef struct entry_row {
    uint32_t name, object, is_tree;
} entry_row;

struct ss_git_cache {
    const char *dir;
    char name[NAME_LEN]; /* of the file */
    uint8_t key[SS_SEAL_LEN], seal_key[SS_SEAL_LEN];
    ss_buf file;
    const head *head; /* NULL: there is no usable file */
    const commit_row *commits;
    const uint32_t *parents;
    const tag_row *tags;
    const tree_row *trees;
    const entry_row *entries;
    const uint32_t *name_ends;
    const uint8_t *ids, *clean, *names;
    uint32_t *now;   /* by object of the file: its number today */
    size_t n_absent; /* objects of the file that are gone */
};

/* ---- what the verdicts follow from ------------------------------------ */

/* What is not opened, or not all of it, is not known to be clean. */
static void add_depths(ss_buf *text, const secscan_scanner *handle)
{
    const secscan_scan_options *options = &handle->options;
    ss_budget b;

    ss_budget_limits(&b, options);
    ss_buf_printf(
        text, "\n%d %d %u %u %u %u %llu %llu %llu", ss_handle_opens(handle),
        !(options->flags & SECSCAN_SCAN_NO_DECODE), b.max_depth, b.max_seconds,
        b.max_ratio, b.max_entries, (unsigned long long)b.max_member,
        (unsigned long long)b.max_unpacked,
        (unsigned long long)options->max_decoded);
}

static int make_key(ss_git_cache *c, const ss_git_history *h)
{
    const secscan_scanner *handle = h->scan->handle;
    char digest[17];
    ss_buf text = SS_BUF_INIT((size_t)1 << 20);
    ss_bytes all;

    ss_buf_printf(&text, "%s\n%s\n%llu\n%u\n%zu\n%s", secscan_version(),
                  secscan_rules_version(handle->rules),
                  (unsigned long long)handle->options.max_object_size,
                  (unsigned)handle->gate.min_password_len, h->id_len,
                  ss_git_common_dir(h->git));
    add_depths(&text, handle);
    if (text.failed) {
        ss_buf_release(&text);
        return ss_fail_nomem(h->err);
    }
    all = ss_buf_bytes(&text);
    ss_seal(c->key, all, NULL);
    ss_digest16(digest, all);
    ss_buf_release(&text);
    memcpy(c->name, "history-", 8);
    memcpy(c->name + 8, digest, sizeof(digest));
    return 0;
}

/* The operator's key, of any length; none is a key that everybody knows. */
static void make_seal_key(ss_git_cache *c, const ss_git_scan *scan)
{
    ss_bytes key = {scan->options.cache_key, scan->options.cache_key_len};

    if (!key.data)
        key = ss_bytes_str("secscan cache without a key");
    ss_seal(c->seal_key, key, NULL);
}

static void seal_file(const ss_git_cache *c, ss_buf *file,
                      uint8_t out[SS_SEAL_LEN])
{
    uint8_t *at = file->data + offsetof(head, seal);
    uint8_t was[SS_SEAL_LEN];

    memcpy(was, at, sizeof(was));
    memset(at, 0, sizeof(was));
    ss_seal(out, ss_buf_bytes(file), c->seal_key);
    memcpy(at, was, sizeof(was));
}

/* ---- reading ---------------------------------------------------------- */

/* The next section, `n` rows of `size` bytes; NULL when it is not there. */
static const void *cut(ss_bytes *rest, uint64_t n, size_t size)
{
    const uint8_t *at = rest->data;

    if (n > rest->len / size)
        return NULL;
    rest->data += n * size;
    rest->len -= (size_t)n * size;
    return at;
}

static int cut_sections(ss_git_cache *c, const head *h)
{
    ss_bytes rest = ss_buf_bytes(&c->file);

    cut(&rest, 1, sizeof(head));
    c->commits = cut(&rest, h->n_commits, sizeof(commit_row));
    c->parents = cut(&rest, h->n_parents, sizeof(uint32_t));
    c->tags = cut(&rest, h->n_tags, sizeof(tag_row));
    c->trees = cut(&rest, h->n_trees, sizeof(tree_row));
    c->entries = cut(&rest, h->n_entries, sizeof(entry_row));
    c->name_ends = cut(&rest, h->n_names, sizeof(uint32_t));
    c->ids = cut(&rest, h->n_objects, h->id_len);
    c->clean = cut(&rest, h->n_objects, 1);
    c->names = cut(&rest, h->len_names, 1);
    return c->commits && c->parents && c->tags && c->trees && c->entries &&
                   c->name_ends && c->ids && c->clean && c->names && !rest.len
               ? 0
               : -1;
}

static int has_range(uint32_t first, uint32_t n, uint32_t of)
{
    return first <= of && n <= of - first;
}

static int are_commits_sound(const ss_git_cache *c, const head *h)
{
    for (uint32_t i = 0; i < h->n_commits; i++) {
        const commit_row *row = &c->commits[i];

        if (row->object >= h->n_objects || row->tree >= h->n_objects ||
            !has_range(row->first_parent, row->n_parents, h->n_parents))
            return 0;
    }
    for (uint32_t i = 0; i < h->n_parents; i++) {
        if (c->parents[i] >= h->n_objects)
            return 0;
    }
    for (uint32_t i = 0; i < h->n_tags; i++) {
        if (c->tags[i].object >= h->n_objects ||
            c->tags[i].target >= h->n_objects)
            return 0;
    }
    return 1;
}

static int are_trees_sound(const ss_git_cache *c, const head *h)
{
    uint32_t end = 0;

    for (uint32_t i = 0; i < h->n_trees; i++) {
        if (c->trees[i].object >= h->n_objects ||
            !has_range(c->trees[i].first_entry, c->trees[i].n_entries,
                       h->n_entries))
            return 0;
    }
    for (uint32_t i = 0; i < h->n_entries; i++) {
        if (c->entries[i].object >= h->n_objects ||
            c->entries[i].name >= h->n_names)
            return 0;
    }
    for (uint32_t i = 0; i < h->n_names; i++) {
        if (c->name_ends[i] < end || c->name_ends[i] > h->len_names)
            return 0;
        end = c->name_ends[i];
    }
    return 1;
}

static int is_usable(ss_git_cache *c, size_t id_len)
{
    const head *h = (const head *)(const void *)c->file.data;
    uint8_t seal[SS_SEAL_LEN];

    if (c->file.len < sizeof(*h) || h->magic != MAGIC || h->id_len != id_len ||
        memcmp(h->key, c->key, sizeof(c->key)) != 0)
        return 0;
    seal_file(c, &c->file, seal);
    if (!ss_seal_equal(seal, h->seal) || cut_sections(c, h))
        return 0;
    return are_commits_sound(c, h) && are_trees_sound(c, h);
}

/* Today's numbers of the file's objects: both lists are sorted by id. */
static int match_objects(ss_git_cache *c, const ss_git_history *h)
{
    size_t n = c->head->n_objects, at = 0;

    c->now = ss_alloc(n * sizeof(*c->now));
    if (!c->now)
        return ss_fail_nomem(h->err);
    for (size_t i = 0; i < n; i++) {
        const uint8_t *id = c->ids + i * h->id_len;
        int order = -1;

        while (at < h->objects.list.len) {
            order = memcmp(h->objects.list.at[at].id.id, id, h->id_len);
            if (order >= 0)
                break;
            at++;
        }
        c->now[i] = order ? SS_NO_OBJECT : (uint32_t)at;
        c->n_absent += order != 0;
    }
    return 0;
}

int ss_git_cache_open(ss_git_history *h)
{
    const secscan_git_options *options = &h->scan->options;
    ss_git_cache *c;

    if (!options->cache)
        return 0;
    c = h->cache = ss_calloc(1, sizeof(*c));
    if (!c)
        return ss_fail_nomem(h->err);
    c->dir = options->cache;
    c->file = (ss_buf)SS_BUF_INIT(MAX_FILE);
    make_seal_key(c, h->scan);
    if (make_key(c, h))
        return SECSCAN_ERR_NOMEM;
    if (ss_private_dir(c->dir)) {
        h->scan->handle->coverage.warning =
            "The cache was not used: its directory is not this user's alone "
            "(mode 0700).";
        return 0;
    }
    if (ss_private_read(&c->file, c->dir, c->name) || !is_usable(c, h->id_len))
        return 0;
    c->head = (const head *)(const void *)c->file.data;
    return match_objects(c, h);
}

void ss_git_cache_free(ss_git_cache *c)
{
    if (!c)
        return;
    ss_buf_release(&c->file);
    ss_free(c->now);
    ss_free(c);
}

/* ---- taking over ------------------------------------------------------ */

static void know(ss_git_history *h, uint32_t object)
{
    h->known[object] = 1;
    h->done[object] = 1;
    h->scan->handle->coverage.cached++;
}

static int take_commit(ss_git_history *h, const commit_row *row)
{
    const ss_git_cache *c = h->cache;
    uint32_t object = c->now[row->object], tree = c->now[row->tree];
    size_t from = h->walk.parents.len;

    if (object == SS_NO_OBJECT || tree == SS_NO_OBJECT)
        return 0;
    for (uint32_t i = 0; i < row->n_parents; i++) {
        uint32_t parent = c->now[c->parents[row->first_parent + i]];

        if (parent == SS_NO_OBJECT) {
            h->walk.parents.len = from;
            return 0; /* read again: the clone may be shallow now */
        }
        if (SS_VEC_PUSH(&h->walk.parents, parent))
            return ss_fail_nomem(h->err);
    }
    if (ss_git_walk_add_known(&h->walk, object, tree, row->time,
                              row->n_parents))
        return ss_fail_nomem(h->err);
    know(h, object);
    return 0;
}

static void take_tag(ss_git_history *h, const tag_row *row)
{
    uint32_t object = h->cache->now[row->object];
    uint32_t target = h->cache->now[row->target];

    if (object == SS_NO_OBJECT || target == SS_NO_OBJECT)
        return;
    h->targets[object] = target;
    know(h, object);
}

int ss_git_cache_take_texts(ss_git_history *h)
{
    const ss_git_cache *c = h->cache;
    int rc = 0;

    if (!c || !c->head)
        return 0;
    h->known = ss_calloc(h->objects.list.len, 1);
    if (!h->known)
        return ss_fail_nomem(h->err);
    for (uint32_t i = 0; !rc && i < c->head->n_commits; i++)
        rc = take_commit(h, &c->commits[i]);
    for (uint32_t i = 0; !rc && i < c->head->n_tags; i++)
        take_tag(h, &c->tags[i]);
    for (uint32_t i = 0; !rc && i < c->head->n_objects; i++) {
        if (c->clean[i] && c->now[i] != SS_NO_OBJECT &&
            h->objects.list.at[c->now[i]].kind == SS_GIT_BLOB)
            know(h, c->now[i]);
    }
    return rc;
}

static ss_bytes name_of(const ss_git_cache *c, uint32_t name)
{
    uint32_t from = name ? c->name_ends[name - 1] : 0;

    return ss_bytes_of(c->names + from, c->name_ends[name] - from);
}

static int take_tree(ss_git_history *h, const tree_row *row)
{
    const ss_git_cache *c = h->cache;
    SS_VEC(ss_attr_entry) entries = {0};
    int rc = 0;

    for (uint32_t i = 0; !rc && i < row->n_entries; i++) {
        const entry_row *e = &c->entries[row->first_entry + i];
        ss_attr_entry entry = {name_of(c, e->name), c->now[e->object],
                               (uint8_t)(e->is_tree != 0)};

        if (SS_VEC_PUSH(&entries, entry))
            rc = ss_fail_nomem(h->err);
    }
    if (!rc)
        rc = ss_attr_add_tree(h->attr, c->now[row->object], SS_NO_OBJECT,
                              entries.at, entries.len, h->err);
    if (!rc)
        know(h, c->now[row->object]);
    SS_VEC_RELEASE(&entries);
    return rc;
}

/* With an object gone, an old tree may name what is not there: all of them are
 * read again. */
int ss_git_cache_take_trees(ss_git_history *h)
{
    const ss_git_cache *c = h->cache;
    int rc = 0;

    if (!c || !c->head || c->n_absent)
        return 0;
    h->has_gitlinks |= c->head->has_gitlinks != 0;
    for (uint32_t i = 0; !rc && i < c->head->n_trees; i++)
        rc = take_tree(h, &c->trees[i]);
    return rc;
}

int ss_git_cache_has_entries(const ss_git_history *h)
{
    const ss_git_cache *c = h->cache;

    return c && c->head && !c->n_absent && c->head->n_entries;
}

/* ---- writing ---------------------------------------------------------- */

typedef struct writer {
    ss_git_history *h;
    head head;
    uint32_t *row_of;  /* by number: its place among the file's; SS_NO_OBJECT */
    uint32_t *name_of; /* by name of the attribution */
    ss_buf edges;      /* of the tree at hand; its failure is the file's */
    ss_buf commits, parents, tags, trees, entries, name_ends, ids, clean, names;
} writer;

/* Clean, with all that it names: blobs, commits, tags. */
static int is_clean(const ss_git_history *h, uint32_t i)
{
    return h->done[i] && !h->dirty[i];
}

static int is_clean_commit(const ss_git_history *h, const ss_walk_commit *c)
{
    return is_clean(h, c->object) && c->tree != SS_NO_OBJECT &&
           !c->has_missing && !c->is_boundary;
}

static int is_kept(const ss_git_history *h, uint32_t i)
{
    const ss_git_object *o = &h->objects.list.at[i];
    uint32_t at = h->walk.by_object[i];

    if (!is_clean(h, i))
        return 0;
    switch (o->kind) {
    case SS_GIT_COMMIT:
        return at != SS_NO_COMMIT &&
               is_clean_commit(h, &h->walk.commits.at[at]);
    case SS_GIT_TAG:
        return h->targets[i] != SS_NO_OBJECT;
    case SS_GIT_TREE:
        return h->is_quiet || ss_attr_is_pruned(h->attr, i) ||
               (h->known && h->known[i]);
    default:
        return o->kind == SS_GIT_BLOB;
    }
}

/* The file's objects: the clean ones, and those that they name. */
static void mark_named(writer *w)
{
    const ss_git_history *h = w->h;

    for (size_t i = 0; i < h->walk.commits.len; i++) {
        const ss_walk_commit *c = &h->walk.commits.at[i];

        if (!is_kept(h, c->object))
            continue;
        w->row_of[c->tree] = 0;
        for (uint32_t k = 0; k < c->n_parents; k++) {
            uint32_t p = h->walk.parents.at[c->first_parent + k];

            w->row_of[h->walk.commits.at[p].object] = 0;
        }
    }
    for (uint32_t i = 0; i < h->objects.list.len; i++) {
        if (!is_kept(h, i))
            continue;
        w->row_of[i] = 0;
        if (h->objects.list.at[i].kind == SS_GIT_TAG)
            w->row_of[h->targets[i]] = 0;
    }
}

static void put(ss_buf *out, const void *row, size_t size)
{
    ss_buf_add(out, row, size);
}

static void put_commit(writer *w, const ss_walk_commit *c)
{
    const ss_git_walk *walk = &w->h->walk;
    commit_row row = {c->time, w->row_of[c->object], w->row_of[c->tree],
                      w->head.n_parents, c->n_parents};

    for (uint32_t k = 0; k < c->n_parents; k++) {
        uint32_t p = walk->parents.at[c->first_parent + k];

        put(&w->parents, &w->row_of[walk->commits.at[p].object],
            sizeof(uint32_t));
        w->head.n_parents++;
    }
    put(&w->commits, &row, sizeof(row));
    w->head.n_commits++;
}

static uint32_t put_name(writer *w, uint32_t name)
{
    ss_bytes text = ss_attr_name(w->h->attr, name);

    if (w->name_of[name] == UINT32_MAX) {
        uint32_t end;

        ss_buf_add(&w->names, text.data, text.len);
        end = (uint32_t)w->names.len;
        put(&w->name_ends, &end, sizeof(end));
        w->name_of[name] = w->head.n_names++;
    }
    return w->name_of[name];
}

static const uint32_t *edges_of(writer *w, uint32_t tree, size_t *n)
{
    if (ss_attr_edges(w->h->attr, tree, &w->edges))
        w->edges.failed = 1;
    *n = w->edges.failed ? 0 : w->edges.len / (2 * sizeof(uint32_t));
    return (const uint32_t *)(const void *)w->edges.data;
}

static void put_tree(writer *w, uint32_t tree)
{
    tree_row row = {w->row_of[tree], w->head.n_entries, 0};
    size_t n;
    const uint32_t *edges = edges_of(w, tree, &n);

    for (size_t i = 0; i < n; i++) {
        uint32_t object = edges[2 * i + 1];
        entry_row e = {0, w->row_of[object], edges[2 * i] & 1};

        if (e.is_tree && !ss_attr_leads(w->h->attr, object))
            continue;
        e.name = put_name(w, edges[2 * i] >> 1);
        put(&w->entries, &e, sizeof(e));
        row.n_entries++;
    }
    w->head.n_entries += row.n_entries;
    put(&w->trees, &row, sizeof(row));
    w->head.n_trees++;
}

/* What the kept trees lead to has to have a row, too. */
static void mark_entries(writer *w, uint32_t tree)
{
    size_t n;
    const uint32_t *edges = edges_of(w, tree, &n);

    for (size_t i = 0; i < n; i++) {
        if (!(edges[2 * i] & 1) || ss_attr_leads(w->h->attr, edges[2 * i + 1]))
            w->row_of[edges[2 * i + 1]] = 0;
    }
}

static void number_rows(writer *w)
{
    const ss_git_history *h = w->h;

    for (uint32_t i = 0; i < h->objects.list.len; i++) {
        if (w->row_of[i] == SS_NO_OBJECT)
            continue;
        w->row_of[i] = w->head.n_objects++;
        ss_buf_add(&w->ids, h->objects.list.at[i].id.id, h->id_len);
        ss_buf_putc(&w->clean, (char)is_kept(h, i));
    }
}

static void put_object(writer *w, uint32_t i)
{
    const ss_git_history *h = w->h;

    switch (h->objects.list.at[i].kind) {
    case SS_GIT_COMMIT:
        put_commit(w, &h->walk.commits.at[h->walk.by_object[i]]);
        break;
    case SS_GIT_TAG:
        put(&w->tags, &(tag_row){w->row_of[i], w->row_of[h->targets[i]]},
            sizeof(tag_row));
        w->head.n_tags++;
        break;
    case SS_GIT_TREE:
        put_tree(w, i);
        break;
    default:
        break;
    }
}

static void fill(writer *w)
{
    const ss_git_history *h = w->h;

    mark_named(w);
    for (uint32_t i = 0; i < h->objects.list.len; i++) {
        if (h->objects.list.at[i].kind == SS_GIT_TREE && is_kept(h, i))
            mark_entries(w, i);
    }
    number_rows(w);
    for (uint32_t i = 0; i < h->objects.list.len; i++) {
        if (!is_kept(h, i))
            continue;
        put_object(w, i);
        w->head.n_clean++;
    }
}

static int join(const writer *w, ss_buf *out)
{
    const ss_buf *const sections[] = {&w->commits, &w->parents, &w->tags,
                                      &w->trees,   &w->entries, &w->name_ends,
                                      &w->ids,     &w->clean,   &w->names};

    if (w->edges.failed)
        return -1;
    put(out, &w->head, sizeof(w->head));
    for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++) {
        if (sections[i]->failed)
            return -1;
        if (sections[i]->len)
            ss_buf_add(out, sections[i]->data, sections[i]->len);
    }
    return out->failed ? -1 : 0;
}

static void write_file(writer *w)
{
    const ss_git_cache *c = w->h->cache;
    ss_buf file = SS_BUF_INIT(MAX_FILE);
    uint8_t seal[SS_SEAL_LEN];

    w->head.len_names = (uint32_t)w->names.len;
    w->head.has_gitlinks = w->h->has_gitlinks != 0;
    memcpy(w->head.key, c->key, sizeof(c->key));
    if (join(w, &file) == 0) {
        seal_file(c, &file, seal);
        memcpy(file.data + offsetof(head, seal), seal, sizeof(seal));
        if (!ss_private_write(c->dir, c->name, ss_buf_bytes(&file)))
            ss_private_trim(c->dir, "history-", MAX_FILES);
    }
    ss_buf_release(&file);
}

static int writer_init(writer *w, ss_git_history *h)
{
    size_t n = h->objects.list.len, n_names = ss_attr_n_names(h->attr);
    ss_buf *const sections[] = {&w->commits, &w->parents, &w->tags,
                                &w->trees,   &w->entries, &w->name_ends,
                                &w->ids,     &w->clean,   &w->names};

    memset(w, 0, sizeof(*w));
    w->h = h;
    w->edges = (ss_buf)SS_BUF_INIT(SIZE_MAX / 4);
    w->head.magic = MAGIC;
    w->head.id_len = (uint32_t)h->id_len;
    for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++)
        *sections[i] = (ss_buf)SS_BUF_INIT(MAX_FILE);
    w->row_of = ss_alloc(n * sizeof(*w->row_of));
    w->name_of = ss_alloc(n_names * sizeof(*w->name_of));
    if (!w->row_of || !w->name_of)
        return -1;
    memset(w->row_of, 0xff, n * sizeof(*w->row_of));
    memset(w->name_of, 0xff, n_names * sizeof(*w->name_of));
    return 0;
}

static void writer_release(writer *w)
{
    ss_buf *const sections[] = {&w->commits, &w->parents, &w->tags,
                                &w->trees,   &w->entries, &w->name_ends,
                                &w->ids,     &w->clean,   &w->names};

    for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++)
        ss_buf_release(sections[i]);
    ss_buf_release(&w->edges);
    ss_free(w->row_of);
    ss_free(w->name_of);
}

/* All that could be written stands in the file, and nothing else. */
static int is_up_to_date(const ss_git_history *h)
{
    const ss_git_cache *c = h->cache;
    size_t n = 0;

    if (!c->head || c->n_absent)
        return 0;
    for (uint32_t i = 0; i < h->objects.list.len; i++) {
        if (!is_kept(h, i))
            continue;
        if (!h->known[i])
            return 0;
        n++;
    }
    return n == c->head->n_clean;
}

/* What cannot be written is not there the next time: no reason to fail. */
void ss_git_cache_save(ss_git_history *h)
{
    writer w;

    if (!h->cache || is_up_to_date(h))
        return;
    if (!writer_init(&w, h)) {
        fill(&w);
        write_file(&w);
    }
    writer_release(&w);
}

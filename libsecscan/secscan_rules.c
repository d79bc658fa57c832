/*
 * secscan_rules.c: the public rules: built-in ones from the embedded table,
 * files and text read, joined and compiled, or taken from the private cache.
 */
#include "base/alloc.h"
#include "base/options.h"
#include "os/dir.h"
#include "os/file.h"
#include "rules/builtin.h"
#include "rules/cache.h"
#include "rules/compile.h"
#include "rules/dead.h"
#include "rules/diff.h"
#include "rules/export.h"
#include "rules/merge.h"
#include "scan/check.h"
#include "scan/fingerprint.h"

#include <stdatomic.h>

#define MAX_FILE ((size_t)16 << 20)
#define MAX_EXTEND 2
#define MAX_UNTRUSTED ((size_t)1 << 20) /* of a file */
#define MAX_UNTRUSTED_COST 100000u      /* ss_rule.cost, of all together */
#define ALL_FLAGS                                                              \
    (SECSCAN_RULES_NO_BUILTIN | SECSCAN_RULES_NO_CACHE |                       \
     SECSCAN_RULES_GITLEAKS | SECSCAN_RULES_UNTRUSTED | SECSCAN_RULES_STRICT)

struct secscan_rules {
    atomic_uint n_refs;
    ss_arena arena;
    ss_rule_set set;
    ss_notes notes;
};

/* Files on their way to rules. */
typedef struct loader {
    secscan_rules *rules;
    ss_merge merge;
    secscan_rules_options options;
    secscan_error *err;
    int has_builtin;
} loader;

static int new_rules(secscan_rules **out, secscan_error *err)
{
    secscan_rules *rules = ss_calloc(1, sizeof(*rules));

    if (!rules)
        return ss_fail_nomem(err);
    atomic_init(&rules->n_refs, 1);
    *out = rules;
    return 0;
}

secscan_rules *secscan_rules_ref(secscan_rules *rules)
{
    atomic_fetch_add_explicit(&rules->n_refs, 1, memory_order_relaxed);
    return rules;
}

void secscan_rules_free(secscan_rules *rules)
{
    if (!rules ||
        atomic_fetch_sub_explicit(&rules->n_refs, 1, memory_order_acq_rel) != 1)
        return;
    ss_compile_release(&rules->set);
    ss_arena_release(&rules->arena);
    ss_free(rules);
}

const ss_rule_set *ss_rules_set(const secscan_rules *rules)
{
    return &rules->set;
}

/* ---- databases
 * ------------------------------------------------------------------ */

static int open_databases(ss_rule_set *set, const ss_bytes *databases, size_t n,
                          const secscan_rules_options *options,
                          secscan_error *err)
{
    const ss_cache cache = {options->cache_dir, ss_digest16};
    int use_cache = !(options->flags & SECSCAN_RULES_NO_CACHE);

    return ss_cache_open(use_cache ? &cache : NULL, set, databases, n, err);
}

/* ---- the built-in rules alone
 * ------------------------------------------------------ */

static int take_builtin(secscan_rules *rules,
                        const secscan_rules_options *options,
                        secscan_error *err)
{
    ss_rule_set *set = &rules->set;

    set->rules =
        ss_arena_alloc(&rules->arena, ss_builtin_n_rules * sizeof(*set->rules));
    if (!set->rules)
        return ss_fail_nomem(err);
    for (size_t i = 0; i < ss_builtin_n_rules; i++)
        set->rules[i] = &ss_builtin_rules[i];
    set->n_rules = ss_builtin_n_rules;
    set->n_hidden = ss_builtin_n_hidden;
    set->kinds = ss_builtin_kinds;
    set->allowlists = ss_builtin_allowlists;
    set->n_allowlists = ss_builtin_n_allowlists;
    memcpy(set->version, ss_builtin_version, sizeof(set->version));
    ss_rule_set_measure(set);
    return open_databases(set, ss_builtin_databases, ss_builtin_n_databases,
                          options, err);
}

/* ---- files
 * ------------------------------------------------------------------------- */

static int add_builtin(loader *l)
{
    if (l->has_builtin || (l->options.flags & SECSCAN_RULES_NO_BUILTIN))
        return 0;
    l->has_builtin = 1;
    return ss_merge_add_builtin(&l->merge, ss_builtin_rules, ss_builtin_n_rules,
                                ss_builtin_allowlists, ss_builtin_n_allowlists);
}

/* Where a file stands among those that extend each other. */
typedef struct level {
    int depth;
    int is_gitleaks;  /* what extends it is read so */
    size_t max;       /* bytes */
    const char *root; /* that [extend] path stays in; NULL: anywhere */
} level;

static int add_path(loader *l, const char *path, level at);

static int fail_extend(const loader *l, const ss_rule_file *file,
                       const char *what)
{
    return ss_fail_at(l->err, SECSCAN_ERR_RULE, file->name,
                      file->extend.place.line, file->extend.place.column, "%s",
                      what);
}

/* A repository's file reads nothing outside of the repository. */
static int is_inside(const char *root, const char *path)
{
    char *real_root = NULL, *real = NULL;
    size_t len;
    int is = 0;

    if (!ss_dir_real_path(&real_root, root, NULL) &&
        !ss_dir_real_path(&real, path, NULL)) {
        len = strlen(real_root);
        is = !strncmp(real, real_root, len) &&
             (real[len] == '/' || real_root[len - 1] == '/');
    }
    ss_free(real);
    ss_free(real_root);
    return is;
}

static int extend_path(loader *l, const ss_rule_file *file, level at)
{
    if (at.depth == MAX_EXTEND)
        return fail_extend(l, file, "[extend] goes deeper than 2 files");
    if (at.root && !*at.root)
        return fail_extend(l, file,
                           "[extend] path is not for a configuration that is "
                           "read from a commit: copy the rules into it");
    if (at.root && !is_inside(at.root, file->extend.path))
        return fail_extend(l, file,
                           "[extend] path is not there, or leads out of the "
                           "repository: copy the file into it");
    at.depth++;
    at.is_gitleaks = file->is_gitleaks;
    return add_path(l, file->extend.path, at);
}

/* Of a path, or of git's "COMMIT:path". */
static int has_name(const char *path, const char *name)
{
    size_t len = strlen(path), n = strlen(name);

    return len >= n && strcmp(path + len - n, name) == 0 &&
           (len == n || path[len - n - 1] == '/' || path[len - n - 1] == ':');
}

/* A file of settings alone is not about rules. */
static int uses_default(const ss_rule_file *file)
{
    int is_own = file->has_settings || has_name(file->name, ".secscan.toml");

    return file->extend.use_default ||
           (is_own && !file->n_drafts && !file->extend.path);
}

static int add_text(loader *l, ss_bytes text, const char *name, level at)
{
    ss_rule_file *file = ss_arena_alloc(&l->rules->arena, sizeof(*file));
    const ss_rule_file_options options = {at.is_gitleaks, &l->merge.notes};
    size_t first = l->merge.drafts.len;
    int rc;

    if (!file)
        return ss_fail_nomem(l->err);
    rc =
        ss_rule_file_read(file, text, name, &options, &l->rules->arena, l->err);
    if (rc)
        return rc;
    if (uses_default(file))
        rc = add_builtin(l);
    else if (file->extend.path)
        rc = extend_path(l, file, at);
    if (rc)
        return rc;
    return ss_merge_add_file(&l->merge, file, first);
}

static int add_path(loader *l, const char *path, level at)
{
    ss_buf text = SS_BUF_INIT(at.max);
    int rc = ss_file_read(&text, path, at.max, l->err);

    if (!rc)
        rc = add_text(l, ss_buf_bytes(&text), path, at);
    ss_buf_release(&text);
    return rc;
}

static level top_level(const loader *l)
{
    uint32_t flags = l->options.flags;

    return (level){0, (flags & SECSCAN_RULES_GITLEAKS) != 0,
                   flags & SECSCAN_RULES_UNTRUSTED ? MAX_UNTRUSTED : MAX_FILE,
                   l->options.extend_root};
}

/* Files that the text of secscan_rules_parse is joined to. */
static int add_joined(loader *l)
{
    const level trusted = {0, 0, MAX_FILE, NULL};
    int rc = 0;

    for (size_t i = 0; !rc && i < l->options.n_joined; i++)
        rc = add_path(l, l->options.joined[i], trusted);
    return rc;
}

/* Compiling is bounded by what is compiled: there is no clock here. */
static int check_cost(const loader *l)
{
    uint64_t cost = 0;

    if (!(l->options.flags & SECSCAN_RULES_UNTRUSTED))
        return 0;
    for (size_t i = 0; i < l->merge.drafts.len; i++) {
        const ss_draft *draft = l->merge.drafts.at[i];

        if (!draft || draft->rule.is_builtin)
            continue;
        cost += draft->rule.cost;
        if (cost > MAX_UNTRUSTED_COST)
            return ss_draft_fail(draft, SS_KEY_REGEX, l->err,
                                 "with this the expressions of the "
                                 "repository's file are too large: name the "
                                 "file with --config if you trust it");
    }
    return 0;
}

static int fail_dead(const loader *l, const char *file, ss_toml_place place,
                     int rc, const char *what)
{
    if (rc < 0)
        return ss_fail_nomem(l->err);
    return ss_fail_at(l->err, SECSCAN_ERR_RULE, file, place.line, place.column,
                      "an allowlist is %s", what);
}

/* A rule's own allowlists, of those that a file has stated. */
static int check_own_lists(const loader *l, const ss_draft *draft)
{
    char what[160];

    for (size_t i = 0; i < draft->rule.n_allowlists; i++) {
        int rc = ss_dead_find(what, &draft->rule.allowlists[i], &draft->rule,
                              &l->rules->arena);

        if (rc)
            return fail_dead(l, draft->file, draft->place, rc, what);
    }
    return 0;
}

static int check_allowlists(const loader *l)
{
    char what[160];
    int rc = 0;

    if (!(l->options.flags & SECSCAN_RULES_STRICT))
        return 0;
    for (size_t i = 0; !rc && i < l->merge.drafts.len; i++) {
        const ss_draft *draft = l->merge.drafts.at[i];

        if (draft && !draft->rule.is_builtin)
            rc = check_own_lists(l, draft);
    }
    for (size_t i = 0; !rc && i < l->merge.allowlists.len; i++) {
        const ss_global_allowlist *global = &l->merge.allowlists.at[i];

        rc = ss_dead_find(what, &global->list, NULL, &l->rules->arena);
        if (rc)
            return fail_dead(l, global->file, global->place, rc, what);
    }
    return rc;
}

static int check_checks(const loader *l)
{
    for (size_t i = 0; i < l->merge.drafts.len; i++) {
        const ss_draft *draft = l->merge.drafts.at[i];

        if (draft && draft->rule.check && !ss_check_find(draft->rule.check))
            return ss_draft_fail(draft, SS_KEY_CHECK, l->err,
                                 "there is no check of this name");
    }
    return 0;
}

static int make_version(ss_rule_set *set, secscan_error *err)
{
    ss_buf text = SS_BUF_INIT((size_t)256 << 20);
    int rc = ss_rule_set_describe(set, &text);

    if (rc == 0)
        ss_digest16(set->version, ss_buf_bytes(&text));
    else
        rc = ss_fail_nomem(err);
    ss_buf_release(&text);
    return rc;
}

/* Kinds are found by what others match: rules that stand alone get these. */
static int add_carriers(loader *l)
{
    if (l->has_builtin || !ss_merge_has_kinds(&l->merge))
        return 0;
    return ss_merge_add_carriers(&l->merge, ss_builtin_rules,
                                 ss_builtin_n_rules);
}

static int finish(loader *l)
{
    ss_rule_set *set = &l->rules->set;
    int rc = add_carriers(l);

    if (rc)
        return rc;
    rc =
        ss_merge_leave_out(&l->merge, l->options.without, l->options.n_without);
    if (rc)
        return rc;
    rc = ss_merge_finish(&l->merge, set);
    if (rc)
        return rc;
    rc = check_cost(l);
    if (!rc)
        rc = check_allowlists(l);
    if (!rc)
        rc = check_checks(l);
    if (rc)
        return rc;
    rc = make_version(set, l->err);
    if (rc)
        return rc;
    l->rules->notes = l->merge.notes;
    return open_databases(set, NULL, 0, &l->options, l->err);
}

static int check_options(const secscan_rules_options *o, secscan_error *err)
{
    int rc = ss_options_reserved(o->reserved, err);

    if (!rc)
        rc = ss_options_list(o->without, o->n_without, "without", err);
    return rc ? rc : ss_options_list(o->joined, o->n_joined, "joined", err);
}

static int loader_init(loader *l, const secscan_rules_options *options,
                       secscan_error *err)
{
    int rc;

    memset(l, 0, sizeof(*l));
    l->err = err;
    rc = ss_options_copy(&l->options, sizeof(l->options), options, err);
    if (rc)
        return rc;
    if (l->options.flags & ~ALL_FLAGS)
        return ss_fail(err, SECSCAN_ERR_ARG, "unknown flags in options");
    rc = check_options(&l->options, err);
    if (!rc)
        rc = new_rules(&l->rules, err);
    if (rc)
        return rc;
    ss_merge_init(&l->merge, &l->rules->arena, err);
    return 0;
}

int secscan_rules_load(secscan_rules **out, const char *const *paths,
                       size_t n_paths, const secscan_rules_options *options,
                       secscan_error *err)
{
    loader l;
    int rc;

    if (!out || (n_paths && !paths))
        return ss_fail(err, SECSCAN_ERR_ARG, "no place for the rules");
    rc = loader_init(&l, options, err);
    if (rc)
        goto out;
    if (n_paths == 0 && !(l.options.flags & SECSCAN_RULES_NO_BUILTIN) &&
        l.options.n_without == 0) {
        rc = take_builtin(l.rules, &l.options, err);
    } else {
        if (n_paths == 0)
            rc = add_builtin(&l);
        for (size_t i = 0; i < n_paths && !rc; i++)
            rc = paths[i] ? add_path(&l, paths[i], top_level(&l))
                          : ss_fail(err, SECSCAN_ERR_ARG, "a path is NULL");
        if (!rc)
            rc = finish(&l);
    }
    if (rc)
        goto out;
    *out = l.rules;
    l.rules = NULL;
out:
    ss_merge_release(&l.merge);
    secscan_rules_free(l.rules);
    return rc;
}

int secscan_rules_parse(secscan_rules **out, const char *toml, size_t len,
                        const secscan_rules_options *options,
                        secscan_error *err)
{
    loader l;
    int rc;

    if (!out || (!toml && len))
        return ss_fail(err, SECSCAN_ERR_ARG, "no rules, or no place for them");
    rc = loader_init(&l, options, err);
    if (rc)
        goto out;
    rc = add_joined(&l);
    if (rc)
        goto out;
    rc = add_text(&l, ss_bytes_of(toml ? toml : "", len),
                  l.options.name ? l.options.name : "<text>", top_level(&l));
    if (rc)
        goto out;
    rc = finish(&l);
    if (rc)
        goto out;
    *out = l.rules;
    l.rules = NULL;
out:
    ss_merge_release(&l.merge);
    secscan_rules_free(l.rules);
    return rc;
}

/* ---- looking
 * ------------------------------------------------------------------------- */

static const char *or_empty(const char *s)
{
    return s ? s : "";
}

static void fill_info(secscan_rule_info *out, const ss_rule *rule)
{
    memset(out, 0, sizeof(*out));
    out->id = rule->id;
    out->description = or_empty(rule->description);
    out->category = or_empty(rule->category);
    out->severity = rule->severity;
    out->is_builtin = rule->is_builtin;
    out->regex = or_empty(rule->regex);
    out->path = or_empty(rule->path);
    out->grants = or_empty(rule->grants);
    out->advice = or_empty(rule->advice);
    out->check = or_empty(rule->check);
    out->references = rule->references;
    out->n_references = rule->n_references;
    out->aliases = rule->aliases;
    out->n_aliases = rule->n_aliases;
    out->entropy = rule->entropy;
    out->value = or_empty(rule->value);
    out->near = rule->near;
    out->n_near = rule->n_near;
    out->names = rule->names;
    out->n_names = rule->n_names;
    out->confidence = rule->confidence;
    out->file = or_empty(rule->file);
    out->topic = or_empty(rule->topic);
    out->evidence = rule->evidence;
    out->is_preview = rule->is_preview;
    out->is_part_only = rule->is_part_only;
}

size_t secscan_rules_count(const secscan_rules *rules)
{
    return rules ? ss_rule_set_count(&rules->set) : 0;
}

int secscan_rules_at(const secscan_rules *rules, size_t index,
                     secscan_rule_info *out)
{
    if (!rules || !out || index >= secscan_rules_count(rules))
        return SECSCAN_ERR_ARG;
    fill_info(out, rules->set.rules[index]);
    return 0;
}

static int is_named(const ss_rule *rule, const char *name)
{
    if (strcmp(rule->id, name) == 0)
        return 1;
    for (size_t i = 0; i < rule->n_aliases; i++) {
        if (strcmp(rule->aliases[i], name) == 0)
            return 1;
    }
    return 0;
}

int secscan_rules_find(const secscan_rules *rules, const char *id,
                       secscan_rule_info *out)
{
    if (!rules || !id || !out)
        return SECSCAN_ERR_ARG;
    for (size_t i = 0; i < secscan_rules_count(rules); i++) {
        if (!is_named(rules->set.rules[i], id))
            continue;
        fill_info(out, rules->set.rules[i]);
        return 0;
    }
    return SECSCAN_ERR_ARG;
}

const char *secscan_rules_version(const secscan_rules *rules)
{
    return rules->set.version;
}

const char *secscan_rules_note(const secscan_rules *rules, size_t index)
{
    const ss_note *note = rules ? rules->notes.first : NULL;

    while (note && index--)
        note = note->next;
    return note ? note->text : NULL;
}

int secscan_rules_export(const secscan_rules *rules,
                         int (*write)(void *ctx, const char *data, size_t len),
                         void *ctx, secscan_error *err)
{
    ss_buf text = SS_BUF_INIT((size_t)256 << 20);
    int rc = 0;

    if (!rules || !write)
        return ss_fail(err, SECSCAN_ERR_ARG, "no rules, or nowhere to write");
    if (ss_rule_set_export(&rules->set, &text))
        rc = ss_fail_nomem(err);
    else if (write(ctx, (const char *)text.data, text.len))
        rc = ss_fail(err, SECSCAN_ERR_IO, "the rules could not be written");
    ss_buf_release(&text);
    return rc;
}

int secscan_rules_diff(const secscan_rules *before, const secscan_rules *after,
                       int (*change)(void *ctx, const secscan_rule_change *),
                       void *ctx, secscan_error *err)
{
    if (!before || !after || !change)
        return ss_fail(err, SECSCAN_ERR_ARG, "no rules, or no callback");
    return ss_rule_set_diff(&before->set, &after->set, change, ctx, err);
}

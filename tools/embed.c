/*
 * embed.c: patterns/ to one C file: the table of rules and the serialized
 * databases. Runs at build time only.
 *
 *     embed OUT.c FILE.toml...
 */
#include "base/alloc.h"
#include "os/file.h"
#include "rules/compile.h"
#include "rules/merge.h"
#include "scan/check.h"
#include "scan/fingerprint.h"

#include <stdio.h>

#define MAX_FILE ((size_t)16 << 20)

static void put_string(FILE *out, const char *s)
{
    if (!s) {
        fputs("NULL", out);
        return;
    }
    fputc('"', out);
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;

        /* Octal ends after three digits, so that what follows cannot join. */
        if (c < ' ' || c > '~' || c == '"' || c == '\\' || c == '?')
            fprintf(out, "\\%03o", c);
        else
            fputc(c, out);
    }
    fputc('"', out);
}

static void put_list(FILE *out, size_t rule, const char *name,
                     const char *const *list, size_t n)
{
    if (n == 0)
        return;
    fprintf(out, "static const char *const r%zu_%s[] = {", rule, name);
    for (size_t i = 0; i < n; i++) {
        put_string(out, list[i]);
        fputc(',', out);
    }
    fputs("};\n", out);
}

static void put_list_ref(FILE *out, size_t rule, const char *name, size_t n)
{
    if (n)
        fprintf(out, ".%s = r%zu_%s, .n_%s = %zu,\n", name, rule, name, name,
                n);
}

/* Lists of allowlists are named r<rule>a<number>_...; global ones rule 99999.
 */
static void put_allowlist_lists(FILE *out, size_t rule, size_t i,
                                const ss_allowlist *list)
{
    const size_t id = rule * 1000 + i + 1000000;

    put_list(out, id, "regexes", list->regexes, list->n_regexes);
    put_list(out, id, "paths", list->paths, list->n_paths);
    put_list(out, id, "commits", list->commits, list->n_commits);
    put_list(out, id, "stopwords", list->stopwords, list->n_stopwords);
    put_list(out, id, "target_rules", list->target_rules, list->n_target_rules);
}

static void put_allowlist(FILE *out, size_t rule, size_t i,
                          const ss_allowlist *list)
{
    const size_t id = rule * 1000 + i + 1000000;

    fprintf(out, "{.is_and = %u, .target = %u,\n", list->is_and, list->target);
    put_list_ref(out, id, "regexes", list->n_regexes);
    put_list_ref(out, id, "paths", list->n_paths);
    put_list_ref(out, id, "commits", list->n_commits);
    put_list_ref(out, id, "stopwords", list->n_stopwords);
    put_list_ref(out, id, "target_rules", list->n_target_rules);
    fputs("},\n", out);
}

/* Ids of parts are named r<rule>p<number>_ids. */
static void put_parts(FILE *out, size_t i, const ss_rule *rule)
{
    for (size_t k = 0; k < rule->n_parts; k++) {
        fprintf(out, "static const char *const r%zup%zu_ids[] = {", i, k);
        for (size_t n = 0; n < rule->parts[k].n_ids; n++) {
            put_string(out, rule->parts[k].ids[n]);
            fputc(',', out);
        }
        fputs("};\n", out);
    }
    fprintf(out, "static const ss_rule_part r%zu_parts[] = {\n", i);
    for (size_t k = 0; k < rule->n_parts; k++) {
        const ss_rule_part *part = &rule->parts[k];

        fprintf(out, "{.ids = r%zup%zu_ids, .n_ids = %u, .role = ", i, k,
                part->n_ids);
        put_string(out, part->role);
        fprintf(out,
                ",\n.within_lines = %u, .within_columns = %uu, .reach = %u, "
                ".is_required = %u, .is_public = %u},\n",
                part->within_lines, part->within_columns, part->reach,
                part->is_required, part->is_public);
    }
    fputs("};\n", out);
}

static void put_rule_lists(FILE *out, size_t i, const ss_rule *rule)
{
    put_list(out, i, "near", rule->near, rule->n_near);
    put_list(out, i, "names", rule->names, rule->n_names);
    put_list(out, i, "keywords", rule->keywords, rule->n_keywords);
    put_list(out, i, "stopwords", rule->stopwords, rule->n_stopwords);
    put_list(out, i, "references", rule->references, rule->n_references);
    put_list(out, i, "aliases", rule->aliases, rule->n_aliases);
    put_list(out, i, "match", rule->match, rule->n_match);
    put_list(out, i, "reject", rule->reject, rule->n_reject);
    if (rule->n_parts)
        put_parts(out, i, rule);
    if (!rule->n_allowlists)
        return;
    for (size_t k = 0; k < rule->n_allowlists; k++)
        put_allowlist_lists(out, i, k, &rule->allowlists[k]);
    fprintf(out, "static const ss_allowlist r%zu_allowlists[] = {\n", i);
    for (size_t k = 0; k < rule->n_allowlists; k++)
        put_allowlist(out, i, k, &rule->allowlists[k]);
    fputs("};\n", out);
}

static void put_text(FILE *out, const char *name, const char *s)
{
    fprintf(out, ".%s = ", name);
    put_string(out, s);
    fputs(",\n", out);
}

static void put_numbers(FILE *out, const ss_rule *rule)
{
    fprintf(out,
            ".entropy = %.6f, .before = %u, .prefix_min = %u, .prefix_max = "
            "%u,\n.width = %u, .after = %u, .regex_flags = %u, .hs_flags = "
            "%u,\n",
            rule->entropy, rule->before, rule->prefix_min, rule->prefix_max,
            rule->width, rule->after, rule->regex_flags, rule->hs_flags);
    fprintf(out,
            ".secret_group = %u, .public_prefix = %u, .severity = %u, "
            ".evidence = %u, .confidence = %u,\n.specificity = %u, .database = "
            "%u, .is_builtin "
            "= 1, .keep_placeholders = %u,\n.is_generic = %u, .is_preview = "
            "%u, .is_carrier = %u,\n.is_hidden = %u, .is_value = %u, "
            ".is_part_only = %u, .is_reader = %u,\n",
            rule->secret_group, rule->public_prefix, rule->severity,
            rule->evidence, rule->confidence, rule->specificity, rule->database,
            rule->keep_placeholders, rule->is_generic, rule->is_preview,
            rule->is_carrier, rule->is_hidden, rule->is_value,
            rule->is_part_only, rule->is_reader);
}

static void put_rule(FILE *out, size_t i, const ss_rule *rule)
{
    fputs("{\n", out);
    put_text(out, "id", rule->id);
    put_text(out, "description", rule->description);
    put_text(out, "category", rule->category);
    put_text(out, "file", rule->file);
    put_text(out, "topic", rule->topic);
    put_text(out, "grants", rule->grants);
    put_text(out, "advice", rule->advice);
    put_text(out, "regex", rule->regex);
    put_text(out, "search", rule->search);
    put_text(out, "prefilter", rule->prefilter);
    put_text(out, "path", rule->path);
    put_text(out, "check", rule->check);
    put_text(out, "value", rule->value);
    put_list_ref(out, i, "near", rule->n_near);
    put_list_ref(out, i, "names", rule->n_names);
    put_list_ref(out, i, "keywords", rule->n_keywords);
    put_list_ref(out, i, "stopwords", rule->n_stopwords);
    put_list_ref(out, i, "references", rule->n_references);
    put_list_ref(out, i, "aliases", rule->n_aliases);
    put_list_ref(out, i, "match", rule->n_match);
    put_list_ref(out, i, "reject", rule->n_reject);
    put_list_ref(out, i, "allowlists", rule->n_allowlists);
    put_list_ref(out, i, "parts", rule->n_parts);
    put_numbers(out, rule);
    fputs("},\n", out);
}

static void put_rules(FILE *out, const ss_rule_set *set)
{
    for (size_t i = 0; i < set->n_rules; i++)
        put_rule_lists(out, i, set->rules[i]);
    fputs("const ss_rule ss_builtin_rules[] = {\n", out);
    for (size_t i = 0; i < set->n_rules; i++)
        put_rule(out, i, set->rules[i]);
    fprintf(out,
            "};\nconst size_t ss_builtin_n_rules = %zu;\n"
            "const size_t ss_builtin_n_hidden = %zu;\n",
            set->n_rules, set->n_hidden);
}

static void put_u16s(FILE *out, const char *name, const uint16_t *list,
                     size_t n)
{
    fprintf(out, "static const uint16_t %s[] = {", name);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%u%s", list[i], i % 16 == 15 ? ",\n" : ",");
    fputs("0};\n", out); /* ISO C has no empty arrays */
}

/* The words that kinds are named by. */
static void put_kinds(FILE *out, const ss_kind_index *index)
{
    put_u16s(out, "kinds", index->kinds, index->n_kinds);
    put_u16s(out, "kind_starts", index->starts,
             index->n_words ? SS_KIND_PAIRS + 1 : 0);
    fputs("static const ss_kind_word kind_words[] = {\n", out);
    for (size_t i = 0; i < index->n_words; i++) {
        const ss_kind_word *word = &index->words[i];

        fprintf(out, "{\"%s\", %u, %u, %u, %u},\n", word->text, word->first,
                word->n_kinds, word->len, word->is_phrase);
    }
    fprintf(out,
            "{\"\", 0, 0, 0, 0}};\nconst ss_kind_index ss_builtin_kinds = "
            "{kind_words, kinds, kind_starts, %zu, %zu, %u, %u, %u};\n",
            index->n_words, index->n_kinds, index->rule, index->min_len,
            index->max_len);
}

static void put_globals(FILE *out, const ss_rule_set *set)
{
    const size_t id = SS_MAX_RULES + 1;

    for (size_t i = 0; i < set->n_allowlists; i++)
        put_allowlist_lists(out, id, i, &set->allowlists[i]);
    fputs("const ss_allowlist ss_builtin_allowlists[] = {\n", out);
    for (size_t i = 0; i < set->n_allowlists; i++)
        put_allowlist(out, id, i, &set->allowlists[i]);
    if (set->n_allowlists == 0)
        fputs("{.is_and = 0},\n", out); /* ISO C has no empty arrays */
    fprintf(out, "};\nconst size_t ss_builtin_n_allowlists = %zu;\n",
            set->n_allowlists);
}

static int put_databases(FILE *out, const ss_rule_set *set, secscan_error *err)
{
    for (size_t i = 0; i < set->n_databases; i++) {
        uint8_t *data = NULL;
        size_t len = 0;
        int rc = ss_compile_save(set->databases[i], &data, &len, err);

        if (rc)
            return rc;
        fprintf(out, "static const uint8_t database_%zu[] = {", i);
        for (size_t k = 0; k < len; k++)
            fprintf(out, "%u%s", data[k], k % 24 == 23 ? ",\n" : ",");
        fputs("};\n", out);
        ss_free(data);
    }
    fputs("const ss_bytes ss_builtin_databases[] = {\n", out);
    for (size_t i = 0; i < set->n_databases; i++)
        fprintf(out, "{database_%zu, sizeof(database_%zu)},\n", i, i);
    fprintf(out, "{NULL, 0}};\nconst size_t ss_builtin_n_databases = %zu;\n",
            set->n_databases);
    return 0;
}

static int make_version(const ss_rule_set *set, char version[17],
                        secscan_error *err)
{
    ss_buf text = SS_BUF_INIT((size_t)64 << 20);
    int rc = ss_rule_set_describe(set, &text);

    if (rc)
        return ss_fail_nomem(err);
    ss_digest16(version, ss_buf_bytes(&text));
    ss_buf_release(&text);
    return 0;
}

static int write_table(const char *path, const ss_rule_set *set,
                       secscan_error *err)
{
    FILE *out = fopen(path, "w");
    char version[17];
    int rc;

    if (!out)
        return ss_fail(err, SECSCAN_ERR_IO, "%.100s: cannot write", path);
    rc = make_version(set, version, err);
    if (rc)
        goto out;
    fputs("/* Made by tools/embed from patterns/: do not edit. */\n"
          "#include \"rules/builtin.h\"\n",
          out);
    put_rules(out, set);
    put_kinds(out, &set->kinds);
    put_globals(out, set);
    fprintf(out, "const char ss_builtin_version[17] = \"%s\";\n", version);
    rc = put_databases(out, set, err);
out:
    if (fclose(out) != 0 && !rc)
        rc = ss_fail(err, SECSCAN_ERR_IO, "%.100s: cannot write", path);
    return rc;
}

static int add_file(ss_merge *merge, const char *path, secscan_error *err)
{
    ss_buf text = SS_BUF_INIT(MAX_FILE);
    ss_rule_file *file = ss_arena_alloc(merge->arena, sizeof(*file));
    int rc;

    if (!file)
        return ss_fail_nomem(err);
    rc = ss_file_read(&text, path, MAX_FILE, err);
    if (!rc)
        rc = ss_rule_file_read(file, ss_buf_bytes(&text), path,
                               &(ss_rule_file_options){.notes = &merge->notes},
                               merge->arena, err);
    if (!rc)
        rc = ss_merge_add_file(merge, file, merge->drafts.len);
    ss_buf_release(&text);
    return rc;
}

static int check_checks(const ss_merge *merge, secscan_error *err)
{
    for (size_t i = 0; i < merge->drafts.len; i++) {
        const ss_draft *draft = merge->drafts.at[i];

        if (draft->rule.check && !ss_check_find(draft->rule.check))
            return ss_draft_fail(draft, SS_KEY_CHECK, err,
                                 "there is no check '%.60s'",
                                 draft->rule.check);
    }
    return 0;
}

static int embed(const char *out, char **paths, int n, secscan_error *err)
{
    ss_arena arena = SS_ARENA_INIT;
    ss_rule_set set;
    ss_merge merge;
    int rc = 0;

    memset(&set, 0, sizeof(set));
    ss_merge_init(&merge, &arena, err);
    for (int i = 0; i < n && !rc; i++)
        rc = add_file(&merge, paths[i], err);
    if (!rc)
        rc = ss_merge_finish(&merge, &set);
    if (!rc)
        rc = check_checks(&merge, err);
    if (!rc)
        rc = ss_compile(&set, err);
    if (!rc)
        rc = write_table(out, &set, err);
    ss_compile_release(&set);
    ss_merge_release(&merge);
    ss_arena_release(&arena);
    return rc;
}

int main(int argc, char **argv)
{
    secscan_error err;

    if (argc < 3) {
        fputs("usage: embed OUT.c FILE.toml...\n", stderr);
        return 2;
    }
    if (embed(argv[1], argv + 2, argc - 2, &err)) {
        fprintf(stderr, "%s\n", err.message);
        (void)remove(argv[1]);
        return 1;
    }
    return 0;
}

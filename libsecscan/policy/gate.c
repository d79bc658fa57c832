/*
 * gate.c: what is listed, and what gates.
 */
#include "gate.h"

#include "base/options.h"

/* What the profile `block` asks of a finding before it stops a person. */
#define BLOCK_CONFIDENCE 75u
#define BLOCK_GENERIC_CONFIDENCE 90u /* no known format says what it is */
/* What the profile `strict` asks of a database's password. */
#define STRICT_PASSWORD_LEN 20u

/* ---- options ---- */

static int is_category(const char *word, size_t i)
{
    return strcmp(ss_categories[i], word) == 0;
}

/* The bits of `words`, by index in ss_categories. */
static int read_categories(uint32_t *out, const char *const *words, size_t n,
                           secscan_error *err)
{
    int rc = ss_options_list(words, n, "a list of categories", err);

    *out = 0;
    for (size_t k = 0; !rc && k < n; k++) {
        size_t i = 0;

        while (ss_categories[i] && !is_category(words[k], i))
            i++;
        if (!ss_categories[i])
            return ss_fail(err, SECSCAN_ERR_ARG,
                           "there is no category '%.40s'; known are token, "
                           "key, password, connection, webhook, generic and "
                           "hygiene",
                           words[k]);
        *out |= (uint32_t)1 << i;
    }
    return rc;
}

int ss_gate_init(ss_gate *out, const secscan_scan_options *options,
                 secscan_error *err)
{
    uint32_t only, not ;
    int rc;

    if (options->min_severity > SECSCAN_CRITICAL ||
        options->min_evidence > SECSCAN_CHECKSUM ||
        options->min_confidence > 100)
        return ss_fail(err, SECSCAN_ERR_ARG,
                       "min_severity, min_evidence or min_confidence is above "
                       "what there is");
    if (options->gate_severity > SECSCAN_CRITICAL ||
        options->gate_evidence > SECSCAN_CHECKSUM)
        return ss_fail(err, SECSCAN_ERR_ARG,
                       "gate_severity or gate_evidence is above what there is");
    if (options->profile > SECSCAN_PROFILE_STRICT)
        return ss_fail(err, SECSCAN_ERR_ARG, "no such profile");
    rc =
        read_categories(&only, options->categories, options->n_categories, err);
    if (!rc)
        rc = read_categories(&not, options->not_categories,
                             options->n_not_categories, err);
    if (rc)
        return rc;
    out->unlisted_categories = not | (only ? ~only : 0);
    out->min_severity = (uint8_t)options->min_severity;
    out->min_evidence = (uint8_t)options->min_evidence;
    out->min_confidence = (uint8_t)options->min_confidence;
    out->profile = (uint8_t)options->profile;
    out->min_password_len = options->min_password_length;
    if (!out->min_password_len && out->profile == SECSCAN_PROFILE_STRICT)
        out->min_password_len = STRICT_PASSWORD_LEN;
    out->gate_severity = (uint8_t)options->gate_severity;
    out->gate_evidence = (uint8_t)options->gate_evidence;
    out->is_new_only = (options->flags & SECSCAN_SCAN_NEW_ONLY) != 0;
    return 0;
}

/* ---- paths ---- */

/* Words of directories and files that hold what only looks real: examples, and
 * texts in many languages. Sorted. */
static const char *const example_words[] = {
    "adoc",        "cassettes",    "changelog", "demo",     "demos",
    "doc",         "docs",         "dummy",     "e2e",      "example",
    "examples",    "fake",         "fixture",   "fixtures", "i18n",
    "l10n",        "lang",         "locale",    "locales",  "md",
    "mock",        "mocks",        "readme",    "rst",      "sample",
    "samples",     "snapshots",    "spec",      "specs",    "stub",
    "stubs",       "test",         "testdata",  "testing",  "tests",
    "translation", "translations", "tutorial",  "tutorials"};

static int is_example_word(ss_bytes word)
{
    for (size_t i = 0; i < sizeof(example_words) / sizeof(*example_words);
         i++) {
        if (word.len == strlen(example_words[i]) &&
            ss_bytes_find_nocase(word, ss_bytes_str(example_words[i])) == 0)
            return 1;
    }
    return 0;
}

static int is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* The next word of a path, cut at what is no letter or digit and at the humps
 * of camelCase; empty at the end. */
static ss_bytes next_word(const char **path)
{
    const char *from, *to;

    while (**path && !ss_is_alnum((uint8_t) * *path))
        ++*path;
    from = *path;
    for (to = from; ss_is_alnum((uint8_t)*to); to++) {
        if (to > from && is_upper(to[0]) && !is_upper(to[-1]))
            break;
    }
    *path = to;
    return ss_bytes_of(from, (size_t)(to - from));
}

static int is_example_path(const char *path)
{
    while (path && *path) {
        if (is_example_word(next_word(&path)))
            return 1;
    }
    return 0;
}

/* ---- verdicts ---- */

static int is_generic(const ss_rule *rule)
{
    return strcmp(rule->category, "generic") == 0;
}

/* Somebody thought it up: its form does not tell a real one from one of a test.
 */
static int is_chosen(const ss_rule *rule)
{
    return strcmp(rule->category, "password") == 0 ||
           strcmp(rule->category, "connection") == 0;
}

/* At most one commit in a thousand that holds no secret may be stopped. */
static int may_block(const ss_gate_match *m)
{
    uint32_t bar =
        is_generic(m->rule) ? BLOCK_GENERIC_CONFIDENCE : BLOCK_CONFIDENCE;

    if (m->severity < SECSCAN_MEDIUM || m->confidence < bar)
        return 0;
    return (m->evidence >= SECSCAN_PATTERN && !is_chosen(m->rule)) ||
           !is_example_path(m->path);
}

static int is_hygiene(const ss_gate_match *m)
{
    return m->is_hygiene || strcmp(m->rule->category, "hygiene") == 0;
}

/* What is over (an expired token) is worth knowing of, and no more. */
static int may_gate(const ss_gate *gate, const ss_gate_match *m)
{
    return !is_hygiene(m) || (gate->profile == SECSCAN_PROFILE_STRICT &&
                              m->severity > SECSCAN_INFO);
}

int ss_gate_finding(const ss_gate *gate, const ss_gate_match *match)
{
    if (match->rule->is_preview || !may_gate(gate, match))
        return 0;
    if (match->severity < gate->gate_severity ||
        match->evidence < gate->gate_evidence)
        return 0;
    return gate->profile != SECSCAN_PROFILE_BLOCK || may_block(match);
}

int ss_gate_lists(const ss_gate *gate, const secscan_finding *finding)
{
    size_t i = 0;

    if (gate->is_new_only && finding->is_known)
        return 0;
    if (finding->severity < gate->min_severity ||
        finding->evidence < gate->min_evidence ||
        finding->confidence < gate->min_confidence)
        return 0;
    while (ss_categories[i] && !is_category(finding->category, i))
        i++;
    return !(gate->unlisted_categories >> i & 1u);
}

int ss_gate_skip(const char *reason)
{
    static const char *const noted[] = {"symlink",   "submodule", "not-a-file",
                                        "excluded",  "too-large", "encrypted",
                                        "git-index", "lfs",       "fragment"};

    for (size_t i = 0; i < sizeof(noted) / sizeof(*noted); i++) {
        if (!strcmp(reason, noted[i]))
            return 0;
    }
    return 1;
}

/* With the collider: what PCRE2 matches, Hyperscan has to propose. */
#include "unit.h"

#include <hs.h>

#include "base/buf.h"
#include "rules/builtin.h"
#include "rules/compile.h"
#include "rules/regex.h"
#include "rules/shape.h"
#include "rules/syntax.h"

static uint64_t seed = 1;

static uint32_t below(uint32_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((seed >> 33) % n);
}

static ss_rule rule_of(const char *id, const char *prefilter, uint8_t database)
{
    ss_rule rule;

    memset(&rule, 0, sizeof(rule));
    rule.id = id;
    rule.prefilter = prefilter;
    rule.database = database;
    return rule;
}

typedef struct ends {
    uint32_t at[4096];
    size_t n;
} ends;

static int on_end(unsigned int id, unsigned long long from,
                  unsigned long long to, unsigned int flags, void *ctx)
{
    ends *e = ctx;

    (void)id;
    (void)from;
    (void)flags;
    if (e->n < 4096)
        e->at[e->n++] = (uint32_t)to;
    return 0;
}

static void scan(ends *e, const ss_rule_set *set, ss_bytes text)
{
    e->n = 0;
    for (size_t i = 0; i < set->n_databases; i++) {
        hs_scratch_t *scratch = NULL;

        CHECK_OK(hs_alloc_scratch(set->databases[i], &scratch));
        CHECK_OK(hs_scan(set->databases[i], (const char *)text.data,
                         (unsigned int)text.len, 0, scratch, on_end, e));
        hs_free_scratch(scratch);
    }
}

/* ---- strings that a pattern may match ----------------------------------- */

static void grow(ss_buf *out, const ss_node *node);

static void grow_set(ss_buf *out, const ss_byte_set *set)
{
    unsigned c = below(256);

    for (unsigned i = 0; i < 256; i++) {
        if (ss_byte_set_has(set, (c + i) & 255)) {
            (void)ss_buf_putc(out, (char)(c + i));
            return;
        }
    }
}

static void grow_repeat(ss_buf *out, const ss_node *node)
{
    uint32_t spread = node->max - node->min;
    uint32_t times = node->min + below((spread < 6 ? spread : 6) + 1);

    for (uint32_t i = 0; i < times; i++)
        grow(out, node->child);
}

static void grow(ss_buf *out, const ss_node *node)
{
    const ss_node *n = node->child;

    switch (node->kind) {
    case SS_NODE_SET:
        grow_set(out, &node->set);
        return;
    case SS_NODE_ALT:
        while (n->next && below(2))
            n = n->next;
        grow(out, n);
        return;
    case SS_NODE_REPEAT:
        grow_repeat(out, node);
        return;
    case SS_NODE_SEQ:
    case SS_NODE_GROUP:
        for (; n; n = n->next)
            grow(out, n);
        return;
    default:
        return;
    }
}

static void grow_noise(ss_buf *out)
{
    static const char bytes[] = "aAbB09_-= .\n\"'/x";
    uint32_t n = below(6);

    for (uint32_t i = 0; i < n; i++)
        (void)ss_buf_putc(out, bytes[below(sizeof(bytes) - 1)]);
}

/* ---- the collider -------------------------------------------------------- */

typedef struct trial {
    ss_arena arena;
    ss_shape shape;
    ss_syntax syntax;
    ss_rule rule;
    const ss_rule *rules[1];
    ss_rule_set set;
    ss_regex *regex;
    size_t n_missed;
} trial;

static int is_proposed(const ss_rule *rule, const ends *e, size_t from)
{
    for (size_t i = 0; i < e->n; i++) {
        if (e->at[i] >= from + rule->prefix_min &&
            e->at[i] <= from + rule->prefix_max)
            return 1;
    }
    return 0;
}

/* A match that starts at s follows from [s - before, s + width + after): cut
 * down to these, the text has it still. Not from [.., end + after): a path that
 * failed beyond the end of the match would be cut short, and could succeed. */
static void check_reach(trial *t, ss_bytes text, const ss_regex_match *whole)
{
    size_t from = whole->group[0].from, to = whole->group[0].to;
    size_t start = from > t->shape.before ? from - t->shape.before : 0;
    size_t left = text.len - from;
    uint32_t reach = ss_width_add(t->shape.max_width, t->shape.after);
    size_t end = from + (left < reach ? left : reach);
    ss_bytes cut = ss_bytes_of(text.data + start, end - start);
    ss_regex_match m;

    CHECK_INT(whole->n_groups, t->shape.n_groups + 1);
    CHECK_OK(ss_regex_find(t->regex, cut, from - start, from - start, &m));
    CHECK_INT(m.group[0].to + start, to);
}

static size_t check_text(trial *t, ss_bytes text)
{
    static ends e;
    size_t n = 0;
    ss_regex_match m;

    scan(&e, &t->set, text);
    for (size_t from = 0; from <= text.len; from++) {
        if (ss_regex_find(t->regex, text, from, from, &m) != 0)
            continue;
        if (!is_proposed(&t->rule, &e, from)) {
            if (!t->n_missed)
                print_message("%s: missed by %s\n", t->rule.id,
                              t->rule.prefilter);
            t->n_missed++;
            continue;
        }
        check_reach(t, text, &m);
        CHECK(m.group[0].to - from >= t->shape.min_width);
        CHECK(m.group[0].to - from <= t->shape.max_width);
        n++;
    }
    return n;
}

/* Texts grown from a rule's pattern, in noise: how many of them matched. */
static size_t run_rounds(trial *t, int rounds)
{
    ss_buf text = SS_BUF_INIT(1 << 16);
    size_t n = 0;

    for (int i = 0; i < rounds; i++) {
        ss_buf_reset(&text);
        grow_noise(&text);
        grow(&text, t->syntax.root);
        grow_noise(&text);
        n += check_text(t, ss_buf_bytes(&text));
    }
    ss_buf_release(&text);
    return n;
}

static int compile_trial(trial *t, const ss_rule *rule)
{
    secscan_error err;
    int rc;

    t->rule = *rule;
    t->rules[0] = &t->rule;
    t->set.rules = t->rules;
    t->set.n_rules = 1;
    rc = ss_compile(&t->set, &err);
    if (rc && strstr(err.message, "can never match"))
        return 0;
    CHECK_OK(rc);
    return 1;
}

static void read_pattern(trial *t, const char *pattern)
{
    memset(t, 0, sizeof(*t));
    CHECK_OK(ss_shape_of(&t->shape, pattern, 0, &t->arena, NULL));
    CHECK_OK(ss_syntax_parse(&t->syntax, pattern, 0, &t->arena, NULL));
    CHECK_OK(ss_regex_new(&t->regex, pattern, 0, NULL));
}

static void release_trial(trial *t)
{
    ss_compile_release(&t->set);
    ss_regex_free(t->regex);
    ss_arena_release(&t->arena);
}

static size_t collide(const char *pattern, int rounds)
{
    ss_rule rule;
    size_t n = 0;
    trial t;

    read_pattern(&t, pattern);
    CHECK(t.shape.prefilter != NULL);
    rule = rule_of(pattern, t.shape.prefilter, 0);
    rule.prefix_min = t.shape.prefilter_min;
    rule.prefix_max = t.shape.prefilter_max;
    if (compile_trial(&t, &rule))
        n = run_rounds(&t, rounds);
    CHECK_INT(t.n_missed, 0);
    release_trial(&t);
    return n;
}

static const char *const patterns[] = {
    "gh[pous]_[A-Za-z0-9]{36}(?![A-Za-z0-9])",
    "(?<![\\w-])sk_(live|test)_[A-Za-z0-9]{24,99}\\b",
    "(?i)\\b[\\w.-]{0,50}?(?:api|key|token)[\\w.-]{0,20}[\\s'\"]{0,3}"
    "(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[`'\"\\s=]{0,5}([a-z0-9]{12})"
    "(?:[`'\"\\s;]|\\\\[nr]|$)",
    "(?-i:AB)(?i:cd)[^\\S\\n]*+e{2,}?\\.",
    "x(?=[a-y])[a-z]{1,4}(?<=[b-z])w",
    "x(a|bc)\\1?d",
    "(?m)^\\s{0,8}pass(?:word)?\\s*[:=]\\s*(\\S{6,40})$",
    "(?x) key [ ] = \\s* ( [[:alnum:]]{4} | [[:^alpha:]]{2} ) # end",
    "(?s)-{5}BEGIN.{0,60}?KEY.*?END-{5}",
    "[^\\x00-\\x7f]{2}\\R[\\h\\v]\\N\\H",
    "a(?i)b|c(?-i)d|(?:e|F(?i)g)h",
    "(?:ab|a)(?:bc|c)?+d\\B.",
    "(?>a+b?)c{3}\\Q.*\\E+[]^-]{1,2}",
    "(?:(?:a{2}b?){2,3}|[ab]{5})_",
    "\\b(?:k|token=)[\"']?\\b[a-f]{3}\\b",
    "[\\dz-]_[a\\-\\]]{2}[\\w.-][+--]",
    "(?:begin[a-z]{600}|x)y",
};

static void test_compile__all_that_pcre2_matches_is_proposed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
        size_t n = collide(patterns[i], 200);

        if (n < 10)
            print_message("%s: matched %zu times\n", patterns[i], n);
        CHECK(n >= 10);
    }
}

static void make_pattern(ss_buf *out, int depth)
{
    static const char *const atoms[] = {
        "a",     "b",    "_",           "[a-c]", "[^a]",    ".",
        "\\d",   "\\w",  "\\W",         "\\s",   "\\x41",   "(?i)",
        "(?-i)", "(?s)", "\\b",         "\\B",   "(?=a|b)", "(?<!b)",
        "$",     "^",    "[[:upper:]]", "B",     "\\n",     "=",
    };
    static const char *const repeats[] = {
        "", "", "", "", "?", "*", "+", "{2}", "{1,3}", "{2,}", "??", "*+",
    };
    uint32_t n = 1 + below(4);

    for (uint32_t i = 0; i < n; i++) {
        if (depth < 3 && below(4) == 0) {
            (void)ss_buf_puts(out, below(2) ? "(" : "(?:");
            make_pattern(out, depth + 1);
            (void)ss_buf_puts(out, ")");
        } else {
            uint32_t k = below(sizeof(atoms) / sizeof(*atoms));

            (void)ss_buf_puts(out, atoms[k]);
            if ((k >= 11 && k <= 19))
                continue;
        }
        (void)ss_buf_puts(out, repeats[below(12)]);
        if (depth && below(4) == 0)
            (void)ss_buf_puts(out, "|");
    }
}

static void
test_compile__all_that_made_up_patterns_match_is_proposed(void **state)
{
    size_t n = 0;

    (void)state;
    for (int i = 0; i < 4000; i++) {
        ss_buf pattern = SS_BUF_INIT(1 << 12);
        ss_arena arena = SS_ARENA_INIT;
        ss_shape shape;

        make_pattern(&pattern, 0);
        CHECK_OK(ss_buf_putc(&pattern, '\0'));
        CHECK_OK(
            ss_shape_of(&shape, (const char *)pattern.data, 0, &arena, NULL));
        if (shape.prefilter)
            n += collide((const char *)pattern.data, 5);
        ss_arena_release(&arena);
        ss_buf_release(&pattern);
    }
    CHECK(n > 1000);
}

/* Prefilters that rules state themselves have to be right as well. */
static void
test_compile__all_that_built_in_rules_match_is_proposed(void **state)
{
    size_t n = 0;

    (void)state;
    for (size_t i = 0; i < ss_builtin_n_rules; i++) {
        const ss_rule *rule = &ss_builtin_rules[i];
        trial t;

        if (!rule->regex)
            continue;
        read_pattern(&t, rule->regex);
        ss_regex_free(t.regex);
        CHECK_OK(ss_regex_new(&t.regex, ss_rule_search(rule), 0, NULL));
        CHECK(compile_trial(&t, rule));
        n += run_rounds(&t, 20);
        CHECK_INT(t.n_missed, 0);
        release_trial(&t);
    }
    CHECK(n > 1000);
}

/* ---- databases ----------------------------------------------------------- */

static void test_compile__rules_go_to_their_databases(void **state)
{
    const ss_rule a = rule_of("a", "abcd", 0), b = rule_of("b", "(?i)xyz", 3),
                  c = rule_of("c", NULL, 1);
    const ss_rule *rules[] = {&a, &b, &c};
    ss_rule_set set;
    ends e;

    (void)state;
    memset(&set, 0, sizeof(set));
    set.rules = rules;
    set.n_rules = 3;
    CHECK_OK(ss_compile(&set, NULL));
    CHECK_INT(set.n_databases, 2);
    scan(&e, &set, ss_bytes_str("abcd XYZ"));
    CHECK_INT(e.n, 2);
    ss_compile_release(&set);
    CHECK_INT(set.n_databases, 0);
}

static void test_compile__what_hyperscan_refuses_is_approximated(void **state)
{
    const ss_rule a = rule_of("a", "abc(?<!x)d", 0),
                  bad = rule_of("bad", "abc(", 0);
    const ss_rule *rules[] = {&a};
    ss_rule_set set;
    secscan_error err;
    ends e;

    (void)state;
    memset(&set, 0, sizeof(set));
    set.rules = rules;
    set.n_rules = 1;
    CHECK_OK(ss_compile(&set, NULL));
    scan(&e, &set, ss_bytes_str("abcd"));
    CHECK_INT(e.n, 1);
    rules[0] = &bad;
    CHECK_INT(ss_compile(&set, &err), SECSCAN_ERR_RULE);
    CHECK(strstr(err.message, "rule bad") != NULL);
    ss_compile_release(&set);
}

static void test_compile__saved_bytes_load_and_damaged_ones_do_not(void **state)
{
    const ss_rule a = rule_of("a", "abcd", 0);
    const ss_rule *rules[] = {&a};
    ss_rule_set set, loaded;
    uint8_t *data = NULL;
    size_t len = 0;
    ends e;

    (void)state;
    memset(&set, 0, sizeof(set));
    memset(&loaded, 0, sizeof(loaded));
    set.rules = rules;
    set.n_rules = 1;
    CHECK_OK(ss_compile(&set, NULL));
    CHECK_OK(ss_compile_save(set.databases[0], &data, &len, NULL));
    CHECK_OK(
        ss_compile_load(&loaded.databases[0], ss_bytes_of(data, len), NULL));
    loaded.n_databases = 1;
    scan(&e, &loaded, ss_bytes_str("abcd"));
    CHECK_INT(e.n, 1);
    ss_compile_release(&loaded);
    data[4] ^= 1; /* the version stands behind the magic number */
    CHECK_INT(
        ss_compile_load(&loaded.databases[0], ss_bytes_of(data, len), NULL),
        SECSCAN_ERR_CORRUPT);
    data[4] ^= 1;
    data[len - 100] ^= 1;
    CHECK_INT(
        ss_compile_load(&loaded.databases[0], ss_bytes_of(data, len), NULL),
        SECSCAN_ERR_CORRUPT);
    ss_free(data);
    ss_compile_release(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_compile__all_that_pcre2_matches_is_proposed),
        TEST(test_compile__all_that_made_up_patterns_match_is_proposed),
        TEST(test_compile__all_that_built_in_rules_match_is_proposed),
        TEST(test_compile__rules_go_to_their_databases),
        TEST(test_compile__what_hyperscan_refuses_is_approximated),
        TEST(test_compile__saved_bytes_load_and_damaged_ones_do_not),
    };

    return RUN(tests);
}

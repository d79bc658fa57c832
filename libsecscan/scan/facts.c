/*
 * facts.c: a value of no known format in numbers.
 */
#include "scan/facts.h"

#include "scan/filter.h"
#include "scan/known.h"
#include "scan/name.h"
#include "scan/pair_table.h"
#include "scan/setting.h"
#include "scan/word.h"

#define N_OF(table) (sizeof(table) / sizeof((table)[0]))
#define MANY 999u /* counts end here */

typedef struct reader {
    ss_setting setting;
    ss_name name, owner, call;
    int16_t *at;
} reader;

static int16_t count(size_t n)
{
    return (int16_t)(n < MANY ? n : MANY);
}

static int16_t percent(size_t part, size_t whole)
{
    return whole ? (int16_t)(part * 100 / whole) : 0;
}

static int has_text(ss_bytes s, const char *text)
{
    return ss_bytes_find_nocase(s, ss_bytes_str(text)) != SIZE_MAX;
}

static int has_any_text(ss_bytes s, const char *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (has_text(s, texts[i]))
            return 1;
    }
    return 0;
}

/* ---- the name --------------------------------------------------------------
 */

/* How far before a name that says nothing another one is looked for. */
#define REACH 80u

/* key="MailPassword" value="...", and a value on the line below its name. */
static int is_only_value(ss_bytes name)
{
    static const char *const names[] = {"content", "default", "entry", "string",
                                        "text",    "val",     "value"};

    return ss_word_in(name, names, N_OF(names));
}

static ss_bytes text_before(const ss_setting *s)
{
    size_t to = (size_t)(s->name.data - s->line.data);
    size_t from = to > REACH ? to - REACH : 0;

    return (ss_bytes){s->line.data + from, to - from};
}

/* snake_case 1, CAPITALS 2, camelCase 3, kebab-case 4, one word 0. */
static int16_t case_of(ss_bytes name)
{
    size_t n_lower = 0, n_upper = 0;

    if (!name.len)
        return 0;
    if (memchr(name.data, '-', name.len))
        return 4;
    for (size_t i = 0; i < name.len; i++) {
        n_lower += name.data[i] >= 'a' && name.data[i] <= 'z';
        n_upper += name.data[i] >= 'A' && name.data[i] <= 'Z';
    }
    if (n_upper && !n_lower)
        return 2;
    if (n_upper)
        return 3;
    return memchr(name.data, '_', name.len) ? 1 : 0;
}

/* Which word for a credential the name has, the most telling first. */
static int16_t kind_of(ss_bytes name)
{
    static const char *const words[] = {"passw", "pwd",  "secret",
                                        "token", "key",  "pass",
                                        "auth",  "cred", "phrase"};

    for (size_t i = 0; i < N_OF(words); i++) {
        if (has_text(name, words[i]))
            return (int16_t)(i + 1);
    }
    return 0;
}

static ss_bytes telling_name(const ss_setting *s)
{
    return is_only_value(s->name) ? text_before(s) : s->name;
}

static void read_names(reader *r)
{
    const ss_setting *s = &r->setting;
    ss_bytes name = telling_name(s);

    ss_name_read(&r->name, name, 0);
    ss_name_read(&r->owner, s->owner, 1);
    ss_name_read(&r->call, s->call, 1);
    r->at[SS_FACT_NAME_LEN] = count(s->name.len);
    r->at[SS_FACT_NAME_WORDS] = count((size_t)r->name.n_words);
    r->at[SS_FACT_NAME_PROMISE] = (int16_t)r->name.best;
    r->at[SS_FACT_NAME_IS_KEY] = (int16_t)r->name.is_key;
    r->at[SS_FACT_NAME_HAS_KEY_WORD] = (int16_t)r->name.has_key_word;
    r->at[SS_FACT_NAME_IS_ABOUT] =
        (int16_t)(r->name.is_about || r->owner.is_of_texts);
    r->at[SS_FACT_NAME_IS_PUBLIC] = (int16_t)r->name.is_public;
    r->at[SS_FACT_NAME_IS_HARMLESS] = (int16_t)r->name.is_harmless;
    r->at[SS_FACT_NAME_CASE] = case_of(s->name);
    r->at[SS_FACT_OWNER_PROMISE] = (int16_t)r->owner.best;
    r->at[SS_FACT_OWNER_LEN] = count(s->owner.len);
    r->at[SS_FACT_CALL_PROMISE] = (int16_t)r->call.best;
    r->at[SS_FACT_CALL_LEN] = count(s->call.len);
}

/* ---- how it is set ---------------------------------------------------------
 */

static int16_t place_in(const char *bytes, uint8_t c)
{
    const char *at = c ? strchr(bytes, c) : NULL;

    return (int16_t)(at ? at - bytes + 1 : 0);
}

/* letter 1, digit 2, space 3, quote 4, bracket 5, other 6, the end 0. */
static int16_t class_of(uint8_t c)
{
    if (!c)
        return 0;
    if (ss_is_alpha(c))
        return 1;
    if (ss_is_digit(c))
        return 2;
    if (c == ' ' || c == '\t')
        return 3;
    if (memchr("\"'`", c, 3))
        return 4;
    return memchr("()[]{}<>", c, 8) ? 5 : 6;
}

static void read_operator(reader *r)
{
    const ss_setting *s = &r->setting;
    const uint8_t *name_end = s->name.data + s->name.len;

    r->at[SS_FACT_OPERATOR] = place_in("=:([>, cp", s->op);
    r->at[SS_FACT_QUOTE] = place_in("\"'`", s->quote);
    r->at[SS_FACT_IS_FIRST_ARGUMENT] = (int16_t)s->is_first_argument;
    r->at[SS_FACT_GAP] =
        s->name.len ? count((size_t)(s->value.data - name_end)) : -1;
    r->at[SS_FACT_BYTE_BEFORE] = class_of(s->before);
    r->at[SS_FACT_BYTE_AFTER] = place_in(",;)}]:/+.<", s->after);
}

/* ---- what the value is made of ---------------------------------------------
 */

typedef struct makeup {
    size_t n_lower, n_upper, n_digits, n_symbols, n_spaces, n_changes;
    size_t n_distinct, letter_run, digit_run, repeats;
} makeup;

static int kind_of_byte(uint8_t c)
{
    if (c >= 'a' && c <= 'z')
        return 0;
    if (c >= 'A' && c <= 'Z')
        return 1;
    if (ss_is_digit(c))
        return 2;
    return 3;
}

static void count_byte(makeup *m, ss_bytes v, size_t i)
{
    const int kind = kind_of_byte(v.data[i]);

    m->n_lower += kind == 0;
    m->n_upper += kind == 1;
    m->n_digits += kind == 2;
    m->n_symbols += kind == 3;
    m->n_spaces += v.data[i] == ' ';
    m->n_changes += i > 0 && kind != kind_of_byte(v.data[i - 1]);
}

static void count_runs(makeup *m, ss_bytes v)
{
    size_t letters = 0, digits = 0, same = 1;

    for (size_t i = 0; i < v.len; i++) {
        letters = ss_is_alpha(v.data[i]) ? letters + 1 : 0;
        digits = ss_is_digit(v.data[i]) ? digits + 1 : 0;
        same = i > 0 && v.data[i] == v.data[i - 1] ? same + 1 : 1;
        m->letter_run = letters > m->letter_run ? letters : m->letter_run;
        m->digit_run = digits > m->digit_run ? digits : m->digit_run;
        m->repeats = same > m->repeats ? same : m->repeats;
    }
}

static size_t count_distinct(ss_bytes v)
{
    uint8_t seen[256] = {0};
    size_t n = 0;

    for (size_t i = 0; i < v.len; i++)
        n += !seen[v.data[i]]++;
    return n;
}

static size_t count_of(ss_bytes v, const char *bytes)
{
    size_t n = 0;

    for (size_t i = 0; i < v.len; i++)
        n += v.data[i] && strchr(bytes, v.data[i]) != NULL;
    return n;
}

/* Bytes that are no printable ASCII: text of another language, or no text. */
static int is_foreign(ss_bytes v)
{
    for (size_t i = 0; i < v.len; i++) {
        if (v.data[i] < ' ' || v.data[i] > '~')
            return 1;
    }
    return 0;
}

static void read_makeup(reader *r)
{
    ss_bytes v = r->setting.value;
    makeup m = {0};

    for (size_t i = 0; i < v.len; i++)
        count_byte(&m, v, i);
    r->at[SS_FACT_LEN] = count(v.len);
    r->at[SS_FACT_LOWER] = percent(m.n_lower, v.len);
    r->at[SS_FACT_UPPER] = percent(m.n_upper, v.len);
    r->at[SS_FACT_DIGITS] = percent(m.n_digits, v.len);
    r->at[SS_FACT_SYMBOLS] = percent(m.n_symbols, v.len);
    r->at[SS_FACT_CLASSES] = (int16_t)((m.n_lower > 0) + (m.n_upper > 0) +
                                       (m.n_digits > 0) + (m.n_symbols > 0));
    r->at[SS_FACT_CHANGES] = percent(m.n_changes, v.len);
    r->at[SS_FACT_FOREIGN] = (int16_t)is_foreign(v);
    r->at[SS_FACT_SPACES] = count(m.n_spaces);
    r->at[SS_FACT_DASHES] = count(count_of(v, "-"));
    r->at[SS_FACT_UNDERSCORES] = count(count_of(v, "_"));
}

static void read_variety(reader *r)
{
    ss_bytes v = r->setting.value;
    makeup m = {0};

    count_runs(&m, v);
    r->at[SS_FACT_ENTROPY] = (int16_t)(ss_entropy(v) * 64);
    r->at[SS_FACT_LETTER_RUN] = count(m.letter_run);
    r->at[SS_FACT_DIGIT_RUN] = count(m.digit_run);
    r->at[SS_FACT_DISTINCT] = percent(count_distinct(v), v.len);
    r->at[SS_FACT_REPEATS] = count(m.repeats);
    r->at[SS_FACT_DOTS] = count(count_of(v, "."));
    r->at[SS_FACT_SLASHES] = count(count_of(v, "/"));
    r->at[SS_FACT_PUNCTUATION] = count(count_of(v, "!@#$%^&*?~|+=;,"));
    r->at[SS_FACT_FIRST_CLASS] = class_of(v.data[0]);
    r->at[SS_FACT_LAST_CLASS] = class_of(v.data[v.len - 1]);
}

/* ---- how like words its letters are ----------------------------------------
 */

/* a-z are 0 to 25, digits 26, all else 27, an edge 28. */
static unsigned symbol_of(uint8_t c)
{
    if (ss_is_alpha(c))
        return (unsigned)(ss_lower(c) - 'a');
    return ss_is_digit(c) ? 26 : 27;
}

/* Eighths of a bit that a pair of neighbours costs in names and words. */
static unsigned pair_cost(ss_bytes v, size_t i)
{
    unsigned a = i > 0 ? symbol_of(v.data[i - 1]) : 28;
    unsigned b = i < v.len ? symbol_of(v.data[i]) : 28;

    return pair_costs[a][b];
}

/* The mean of all pairs, and the dearest five in a row. */
static void read_pairs(reader *r)
{
    ss_bytes v = r->setting.value;
    unsigned sum = 0, window = 0, dearest = 0;

    for (size_t i = 0; i <= v.len; i++) {
        sum += pair_cost(v, i);
        window += pair_cost(v, i);
        if (i >= 5)
            window -= pair_cost(v, i - 5);
        dearest = window > dearest ? window : dearest;
    }
    r->at[SS_FACT_PAIRS] = (int16_t)(sum * 4 / (v.len + 1));
    r->at[SS_FACT_RARE_WINDOW] = (int16_t)dearest;
}

static void read_words(reader *r)
{
    ss_bytes rest = r->setting.value, word;
    size_t n_letters = 0, n_odd = 0, n_rare = 0, n_triples = 0;
    ss_word_kind kind;

    for (kind = ss_word_next(&rest, &word); kind != SS_WORD_END;
         kind = ss_word_next(&rest, &word)) {
        if (kind != SS_WORD_LETTERS)
            continue;
        n_letters += word.len;
        n_odd += ss_is_wordlike(word) ? 0 : word.len;
        n_rare += ss_rare_triples(word);
        n_triples += word.len > 2 ? word.len - 2 : 0;
    }
    r->at[SS_FACT_ODD_LETTERS] = percent(n_odd, n_letters);
    r->at[SS_FACT_RARE_TRIPLES] = percent(n_rare, n_triples);
    r->at[SS_FACT_WORDY] = (int16_t)ss_is_wordy(r->setting.value);
}

/* ---- what it could be instead ----------------------------------------------
 */

/* Base64 of a text of words, as a manual has it. */
static int is_wordy_in_base64(ss_bytes value)
{
    uint8_t text[SS_BASE64_TEXT];
    size_t len = ss_text_in_base64(text, value);

    return len != SIZE_MAX && ss_is_wordy((ss_bytes){text, len});
}

/* NAME_OF_SOMETHING, 12345, true: an identifier of capitals. */
static int is_constant(ss_bytes v)
{
    size_t n_underscores = 0;

    for (size_t i = 0; i < v.len; i++) {
        if (kind_of_byte(v.data[i]) == 0 ||
            (kind_of_byte(v.data[i]) == 3 && v.data[i] != '_'))
            return 0;
        n_underscores += v.data[i] == '_';
    }
    return n_underscores > 0;
}

/* A bare value that source code would read as something else than text. */
static int is_code(const ss_setting *s)
{
    return !s->quote && (count_of(s->value, "()[]{}<>;,\"'`") > 0 ||
                         strchr("=&*:!_", s->value.data[0]) != NULL ||
                         (s->op && strchr("(,[c", s->op) != NULL));
}

/* Digits that are no text: name = 123456; NAME=123456 and name: 123456 are. */
static int is_number(const ss_setting *s)
{
    if (s->quote || s->op == ':' || (s->op == '=' && s->value.data[-1] == '='))
        return 0;
    for (size_t i = 0; i < s->value.len; i++) {
        if (!ss_is_digit(s->value.data[i]))
            return 0;
    }
    return 1;
}

/* hunter2, Summer2019!: letters, then digits, then at most two symbols. */
static int is_word_and_number(ss_bytes v)
{
    size_t letters = 0, digits, end;

    while (letters < v.len && ss_is_alpha(v.data[letters]))
        letters++;
    for (digits = letters; digits < v.len && ss_is_digit(v.data[digits]);)
        digits++;
    for (end = digits; end < v.len && memchr("!@#$%^&*?.", v.data[end], 10);)
        end++;
    return v.len >= 6 && letters >= 4 && digits > letters && end == v.len &&
           digits - letters <= 4 && end - digits <= 2 && !ss_is_known_form(v);
}

/* 1: the one is a part of the other; SS_NAME_ITSELF: they are the same. */
static int is_name_again(const ss_setting *s)
{
    int holds_name =
        s->name.len >= 3 && ss_bytes_find_nocase(s->value, s->name) != SIZE_MAX;
    int is_in_name = s->value.len >= 3 &&
                     ss_bytes_find_nocase(s->name, s->value) != SIZE_MAX;

    if (holds_name && is_in_name)
        return SS_NAME_ITSELF;
    return holds_name || (s->name.len >= 3 && is_in_name);
}

static void read_forms(reader *r)
{
    const ss_setting *s = &r->setting;
    ss_bytes v = s->value;

    r->at[SS_FACT_IS_HEX] = (int16_t)(v.len >= 8 && ss_is_hex(v));
    r->at[SS_FACT_IS_PADDED] = v.data[v.len - 1] == '=';
    r->at[SS_FACT_IS_KNOWN_FORM] = (int16_t)ss_is_known_form(v);
    r->at[SS_FACT_IS_WORDY_BASE64] = (int16_t)is_wordy_in_base64(v);
    r->at[SS_FACT_IS_LABEL] = (int16_t)ss_is_label(v);
    r->at[SS_FACT_IS_CONSTANT] = (int16_t)is_constant(v);
    r->at[SS_FACT_IS_NUMBER] = (int16_t)is_number(s);
    r->at[SS_FACT_IS_WORD_AND_NUMBER] = (int16_t)is_word_and_number(v);
    r->at[SS_FACT_IS_CODE] = (int16_t)is_code(s);
    r->at[SS_FACT_IS_NAME_AGAIN] = (int16_t)is_name_again(s);
}

/* ---- the line --------------------------------------------------------------
 */

static const char *const digest_texts[] = {
    "sha256", "sha1",     "sha-1",     "sha-256",     "sha512",
    "md5",    "checksum", "integrity", "digest",      "hash",
    "commit", "revision", "etag",      "fingerprint", "publickeytoken",
};
static const char *const user_texts[] = {
    "user", "login", "host", "account", "email", "client_id", "clientid"};

static void read_digest(reader *r)
{
    r->at[SS_FACT_LINE_DIGEST] = (int16_t)has_any_text(
        r->setting.line, digest_texts, N_OF(digest_texts));
}

static void read_line(reader *r)
{
    ss_bytes line = r->setting.line;
    size_t end = line.len;

    while (end > 0 && strchr(" \t\r", line.data[end - 1]))
        end--;
    r->at[SS_FACT_LINE_LEN] = count(line.len);
    r->at[SS_FACT_LINE_AT] = count((size_t)(r->setting.value.data - line.data));
    r->at[SS_FACT_LINE_QUOTES] = count(count_of(line, "\"'`"));
    r->at[SS_FACT_LINE_PUBLIC] = (int16_t)has_text(line, "public");
    r->at[SS_FACT_LINE_USER] =
        (int16_t)has_any_text(line, user_texts, N_OF(user_texts));
    r->at[SS_FACT_LINE_END] =
        place_in(";,{)}]\\>", end > 0 ? line.data[end - 1] : 0);
}

/* ---- all of them -----------------------------------------------------------
 */

void ss_facts_begin(ss_facts *out, ss_bytes line, size_t value_at,
                    size_t value_len)
{
    reader r = {.at = out->at};

    memset(out, 0, sizeof(*out));
    out->setting = ss_setting_at(line, value_at, value_len);
    if (!value_len)
        return;
    r.setting = out->setting;
    read_names(&r);
    read_operator(&r);
    read_makeup(&r);
    read_forms(&r);
    if (r.at[SS_FACT_IS_HEX])
        read_digest(&r);
}

void ss_facts_finish(ss_facts *out)
{
    reader r = {.setting = out->setting, .at = out->at};

    if (!r.setting.value.len)
        return;
    r.at[SS_FACT_NAME_KIND] = kind_of(telling_name(&r.setting));
    read_variety(&r);
    read_pairs(&r);
    read_words(&r);
    read_line(&r);
    if (!r.at[SS_FACT_IS_HEX])
        read_digest(&r);
}

#define SS_FACT_TOLD(id, told) told,

const char *ss_fact_told(ss_fact fact)
{
    static const char *const told[] = {SS_FACTS(SS_FACT_TOLD)};

    return told[fact];
}

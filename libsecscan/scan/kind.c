/*
 * kind.c: which kind a value is, by the words around it. The nearest word wins:
 * the value's own name, then what owns it, its line, the section above. Depends
 * on those bytes alone; expressions of values are compiled when they are first
 * asked.
 */
#include "scan/kind.h"

#include "rules/kind.h"
#include "scan/extract.h"
#include "scan/reading.h"
#include "scan/setting.h"
#include "scan/value.h"
#include "scan/word.h"

#include "base/alloc.h"

#define N_OF(table) (sizeof(table) / sizeof((table)[0]))

/* How far a name is looked for that does not stand beside its value, and how
 * far a line is read, in bytes. */
#define PROSE_REACH 64u
#define NAME_REACH 160u
#define BEFORE_REACH 256u
#define BEHIND_REACH 128u
#define MAX_LINES 8u /* of a section above */

/* Three characters of a word. */
#define N_TRIPLES (36u * SS_KIND_PAIRS)

struct ss_namer {
    const ss_rule_set *set;
    ss_regex **values;              /* by rule number */
    uint8_t triples[N_TRIPLES / 8]; /* that words start with */
};

/* Where a word stands, the nearest first. */
typedef enum rank { IN_NAME, IN_OWNER, IN_LINE, IN_SECTION } rank;

typedef struct naming {
    ss_namer *namer;
    const ss_match *match;
    ss_bytes value;
    ss_bytes line;
    size_t at; /* of the value, or of "Bearer" before it, in `line` */
    ss_setting setting;
    ss_bytes name, owner; /* nearest first; either may be empty */
    int is_proper;        /* the name stands beside the value */
    ss_reading own;       /* both of them */
    int has_credential;   /* they say that it is one */
    int is_about;         /* they say that it is something else */
    int is_hash;          /* they say that it is one of something */
    rank rank;
    ss_reading here; /* the text at hand */
    struct {
        const ss_rule *rule; /* NULL: none yet */
        uint32_t number;
        uint8_t word_len, has_name;
    } best;
    secscan_error *err;
    int rc;
} naming;

/* clang-format off */
static const char *const credential_words[] = {
    "accesskey", "accesstoken", "apikey", "apikeys", "apisecret", "apitoken",
    "appkey", "appsecret", "auth", "authkey", "authorization", "authtoken",
    "bearer", "clientsecret", "cred", "credential", "credentials", "creds",
    "hapikey", "key", "keys", "licensekey", "pass", "passphrase", "passwd",
    "password", "pat", "privatekey", "pwd", "secret", "secretkey", "secrets",
    "sk", "token", "tokens",
};
/* A value whose name ends so is something else. */
static const char *const other_words[] = {
    "account", "build", "checksum", "class", "commit", "digest", "email",
    "etag", "file", "filename", "fingerprint", "guid", "hash", "host", "id",
    "identifier", "ids", "image", "integrity", "md", "name", "nonce", "path",
    "ref", "request", "resource", "resolved", "rev", "revision", "salt", "sha",
    "shasum",
    "span", "tag", "title", "trace", "type", "uri", "url", "user", "username",
    "uuid", "version",
};
static const char *const hash_words[] = {
    "checksum", "digest", "hash", "integrity", "md", "sha", "shasum",
};
/* A line with one of these tells of a digest. */
static const char *const digest_words[] = {
    "checksum", "commit", "digest", "etag", "fingerprint", "hash", "integrity",
    "md5", "revision", "sha1", "sha256", "sha384", "sha512", "shasum",
};
/* A name that only says that there is a value: the real one stands before. */
static const char *const value_names[] = {
    "content", "default", "string", "text", "val", "value",
};
/* Before a value in a header. */
static const char *const schemes[] = {
    "apikey", "basic", "bearer", "bot", "geniekey", "key", "splunk", "ssws",
    "token",
};
/* clang-format on */

static void set_bit(uint8_t *bits, size_t at)
{
    bits[at / 8] |= (uint8_t)(1u << at % 8);
}

static int has_bit(const uint8_t *bits, size_t at)
{
    return bits[at / 8] >> at % 8 & 1;
}

/* A word of two letters may go on in any way. */
static void fill_triples(ss_namer *namer)
{
    for (size_t i = 0; i < namer->set->kinds.n_words; i++) {
        const uint8_t *text = (const uint8_t *)namer->set->kinds.words[i].text;
        unsigned pair = ss_kind_pair(text[0], text[1]);

        for (unsigned c = 0; c < 36; c++) {
            uint8_t third = (uint8_t)(c < 26 ? 'a' + c : '0' + c - 26);

            if (!text[2] || text[2] == third)
                set_bit(namer->triples, pair * 36 + c);
        }
    }
}

int ss_namer_new(ss_namer **out, const ss_rule_set *set, secscan_error *err)
{
    ss_namer *namer = ss_calloc(1, sizeof(*namer));

    if (!namer)
        return ss_fail_nomem(err);
    namer->set = set;
    namer->values = ss_calloc(set->n_rules, sizeof(ss_regex *));
    if (!namer->values) {
        ss_namer_free(namer);
        return ss_fail_nomem(err);
    }
    fill_triples(namer);
    *out = namer;
    return 0;
}

void ss_namer_free(ss_namer *namer)
{
    if (!namer)
        return;
    for (size_t i = 0; namer->values && i < namer->set->n_rules; i++)
        ss_regex_free(namer->values[i]);
    ss_free(namer->values);
    ss_free(namer);
}

/* Could it be of any kind? */
static int is_possible(const ss_kind_index *index, const ss_match *match)
{
    ss_bytes value = ss_match_secret(match);

    if (value.len < index->min_len || value.len > index->max_len)
        return 0;
    return match->rule->is_value || ss_value_is_random(value);
}

/* ---- its name ---- */

static int is_in(ss_bytes word, const char *const *table, size_t n)
{
    return ss_word_in(word, table, n);
}

static ss_bytes slice(ss_bytes s, size_t from, size_t to)
{
    return (ss_bytes){s.data + from, to - from};
}

/* Bearer V, Token V: the scheme belongs to the value; not the end of a name. */
static size_t skip_scheme(ss_bytes line, size_t at)
{
    size_t to = at, from;

    while (to > 0 && line.data[to - 1] == ' ')
        to--;
    for (from = to; from > 0 && ss_is_alnum(line.data[from - 1]);)
        from--;
    if (to == at || (from > 0 && !memchr(" \t\"'`:=", line.data[from - 1], 7)))
        return at;
    return is_in(slice(line, from, to), schemes, N_OF(schemes)) ? from : at;
}

/* The text before the value, over the ends of lines. */
static ss_bytes text_before(const naming *q, size_t reach)
{
    size_t to = (size_t)(q->line.data + q->at - q->match->around.data);
    size_t from = to > reach ? to - reach : 0;

    return slice(q->match->around, from, to);
}

static void take_names(naming *q)
{
    const ss_setting *s = &q->setting;

    q->is_proper = 1;
    q->name = s->name;
    q->owner = s->owner.len ? s->owner : s->call;
    if (s->name.len && !is_in(s->name, value_names, N_OF(value_names)))
        return;
    q->owner = (ss_bytes){NULL, 0};
    q->name = s->call;
    if (q->name.len)
        return;
    q->is_proper = s->name.len > 0;
    q->name = text_before(q, s->name.len ? NAME_REACH : PROSE_REACH);
}

/* aws.secret.key, this->token: the owner stands before the name. */
static ss_bytes own_text(const naming *q)
{
    if (q->owner.len && q->owner.data + q->owner.len == q->name.data)
        return (ss_bytes){q->owner.data, q->owner.len + q->name.len};
    return q->name;
}

/* The word that ends a run-together name as well: datadogkey, mytoken. */
static int ends_in_credential(ss_bytes word)
{
    static const char *const ends[] = {"key",      "token",  "secret",
                                       "password", "passwd", "pwd"};

    for (size_t i = 0; i < N_OF(ends); i++) {
        size_t len = strlen(ends[i]);

        if (word.len > len && !memcmp(word.data + word.len - len, ends[i], len))
            return 1;
    }
    return 0;
}

/* The words of a name, one after the other; the last one says what it is. */
static void judge_names(naming *q)
{
    const ss_reading *r = &q->own;

    for (size_t at = 0; at < r->len; at = ss_reading_end(r, at)) {
        ss_bytes word = {r->text + at, ss_reading_end(r, at) - at};

        if (!r->text[at] || ss_is_digit(r->text[at]))
            continue;
        if (is_in(word, credential_words, N_OF(credential_words)) ||
            ends_in_credential(word))
            q->has_credential = 1;
        q->is_about =
            q->is_proper && is_in(word, other_words, N_OF(other_words));
        q->is_hash = q->is_about && is_in(word, hash_words, N_OF(hash_words));
    }
}

/* ---- words of a kind ---- */

static int matches_at(const ss_reading *r, size_t at, const char *word,
                      size_t *len)
{
    size_t i = at;

    for (; *word; word++) {
        if (*word == ' ')
            continue;
        if (i == r->len || r->text[i] != (uint8_t)*word)
            return 0;
        i++;
    }
    *len = i - at;
    return 1;
}

/* A word of the value's own name may also end one that runs together. */
static int has_word(const ss_reading *r, const char *word)
{
    int is_phrase = strchr(word, ' ') != NULL;
    size_t len;

    for (size_t at = 0; at < r->len; at++) {
        if (r->text[at] == (uint8_t)word[0] && matches_at(r, at, word, &len) &&
            (ss_reading_counts(r, at, len, is_phrase) ||
             ss_reading_ends(r, at, len)))
            return 1;
    }
    return 0;
}

static int has_own_word(const naming *q, const ss_rule *rule)
{
    for (size_t i = 0; i < rule->n_names; i++) {
        if (has_word(&q->own, rule->names[i]))
            return 1;
    }
    return 0;
}

/* The line tells of a digest. */
static int is_digest(const naming *q)
{
    for (size_t i = 0; i < N_OF(digest_words); i++) {
        if (ss_bytes_find_nocase(q->line, ss_bytes_str(digest_words[i])) !=
            SIZE_MAX)
            return 1;
    }
    return 0;
}

/* Without a word of its own name, something else has to say that this is a
 * credential: the vendor's name beside it, a name that is one of a credential,
 * or a string among arguments. */
static int is_credential(const naming *q)
{
    const ss_setting *s = &q->setting;
    int is_argument = s->quote && (s->op == '(' || s->op == ',');

    if (q->is_about)
        return 0;
    if (q->is_proper && q->rank <= IN_OWNER)
        return 1;
    return (q->has_credential || (is_argument && q->rank == IN_LINE)) &&
           !is_digest(q);
}

static int matches_value(naming *q, uint32_t number)
{
    const ss_rule *rule = q->namer->set->rules[number];
    ss_regex **value = &q->namer->values[number];
    int rc = 0;

    if (!*value)
        rc = ss_regex_new(value, ss_rule_search(rule), 0, q->err);
    if (rc == 0) {
        rc = ss_regex_test(*value, q->value);
        if (rc == 0 || rc == 1)
            return rc;
    }
    q->rc = rc;
    return 0;
}

/* Of words equally near: a kind whose own word is there, then the longest word,
 * then the narrower value. */
static int is_better(const naming *q, const ss_rule *rule, uint32_t number,
                     size_t word_len, int has_name)
{
    const ss_rule *best = q->best.rule;

    if (!best)
        return 1;
    if (has_name != q->best.has_name)
        return has_name > q->best.has_name;
    if (word_len != q->best.word_len)
        return word_len > q->best.word_len;
    if (rule->width - rule->prefix_min != best->width - best->prefix_min)
        return rule->width - rule->prefix_min < best->width - best->prefix_min;
    return number < q->best.number;
}

static void consider(naming *q, uint32_t number, size_t word_len)
{
    const ss_rule *rule = q->namer->set->rules[number];
    int has_name = 0;

    if (q->value.len < rule->prefix_min || q->value.len > rule->width)
        return;
    if (rule->n_names) {
        has_name = has_own_word(q, rule);
        if (!has_name)
            return;
    }
    if (has_name ? !q->is_proper && is_digest(q) : !is_credential(q))
        return;
    if (!is_better(q, rule, number, word_len, has_name) ||
        !matches_value(q, number))
        return;
    q->best.rule = rule;
    q->best.number = number;
    q->best.word_len = (uint8_t)word_len;
    q->best.has_name = (uint8_t)has_name;
}

static void consider_word(naming *q, const ss_kind_word *word)
{
    const uint16_t *kinds = q->namer->set->kinds.kinds + word->first;

    for (size_t i = 0; i < word->n_kinds && !q->rc; i++)
        consider(q, kinds[i], word->len);
}

static void look_at(naming *q, size_t at, unsigned pair)
{
    const ss_kind_index *index = &q->namer->set->kinds;
    const ss_reading *r = &q->here;

    for (size_t i = index->starts[pair]; i < index->starts[pair + 1]; i++) {
        const ss_kind_word *word = &index->words[i];

        if (word->len <= r->len - at &&
            !memcmp(r->text + at, word->text, word->len) &&
            ss_reading_counts(r, at, word->len, word->is_phrase))
            consider_word(q, word);
    }
}

/* May a word start with these three? A word of two ends before the third. */
static int is_start(const naming *q, unsigned pair, unsigned next)
{
    if (pair == SS_KIND_PAIRS)
        return 0;
    return next == SS_KIND_PAIRS ||
           has_bit(q->namer->triples, pair * 36 + next % 36);
}

/* All words in a piece of text. */
static void look(naming *q, rank where, ss_bytes text)
{
    const uint8_t *bytes = q->here.text;
    unsigned pair;

    if (!text.len)
        return;
    q->rank = where;
    ss_reading_of(&q->here, text);
    pair = ss_kind_pair(bytes[0], bytes[1]);
    for (size_t at = 0; at + 1 < q->here.len && !q->rc; at++) {
        unsigned next = ss_kind_pair(bytes[at + 1], bytes[at + 2]);

        if (is_start(q, pair, next))
            look_at(q, at, pair);
        pair = next;
    }
}

/* ---- the line, and what stands above it ---- */

static void look_in_line(naming *q)
{
    size_t behind = (size_t)(q->value.data + q->value.len - q->line.data);
    size_t from = q->at > BEFORE_REACH ? q->at - BEFORE_REACH : 0;
    size_t left = q->line.len - behind;

    look(q, IN_LINE, slice(q->line, from, q->at));
    look(q, IN_LINE,
         slice(q->line, behind,
               behind + (left < BEHIND_REACH ? left : BEHIND_REACH)));
}

static size_t indent_of(ss_bytes line)
{
    size_t n = 0;

    while (n < line.len && (line.data[n] == ' ' || line.data[n] == '\t'))
        n++;
    return n;
}

static int is_comment(ss_bytes text)
{
    return ss_bytes_starts(text, "#") || ss_bytes_starts(text, ";") ||
           ss_bytes_starts(text, "//") || ss_bytes_starts(text, "<!--");
}

/* "Host: api.acme.com" among the headers above, or a setting beside. */
static int is_host(ss_bytes text)
{
    static const char key[] = "host:";
    size_t len = sizeof(key) - 1;

    return text.len > len &&
           ss_bytes_find_nocase(slice(text, 0, len), ss_bytes_str(key)) == 0;
}

/* The lines that the value's own stands in: those above with less indentation,
 * a [section], its host, and comments right above. 0: there is no further one.
 */
static int look_at_line(naming *q, ss_bytes line, size_t *indent, int *is_right)
{
    size_t own = indent_of(line);
    ss_bytes text = slice(line, own, line.len);
    int is_section = ss_bytes_starts(text, "[") && own <= *indent;
    int is_note = *is_right && is_comment(text);

    if (!text.len || text.data[0] == '\r')
        return 1;
    *is_right = is_note;
    if (own >= *indent && !is_section && !is_note && !is_host(text))
        return 1;
    if (!memchr("}])", text.data[0], 3))
        look(q, IN_SECTION, text);
    if (own < *indent)
        *indent = own;
    return !is_section && !q->best.rule && !q->rc;
}

static void look_above(naming *q)
{
    const ss_bytes around = q->match->around;
    size_t at = (size_t)(q->line.data - around.data);
    size_t low = at > SS_ABOVE_REACH ? at - SS_ABOVE_REACH : 0;
    size_t indent = indent_of(q->line);
    int is_right = 1, goes_on = 1;

    /* The line itself goes on further up: it is a long one. */
    if (at > 0 && around.data[at - 1] != '\n')
        return;
    for (size_t n = 0; goes_on && n < MAX_LINES && at > low; n++) {
        size_t to = at - 1;
        const uint8_t *newline = memrchr(around.data + low, '\n', to - low);

        if (!newline && (low > 0 || q->match->around_offset > 0))
            return;
        at = newline ? (size_t)(newline - around.data) + 1 : 0;
        goes_on = look_at_line(q, slice(around, at, to), &indent, &is_right);
    }
}

/* ---- all of it ---- */

/* Nothing stands before it: a line of a key block, of a list of digests. */
static int is_alone(const naming *q)
{
    return indent_of(q->line) == q->at;
}

/* 0 when there is nothing that could name it. */
static int start(naming *q)
{
    const ss_match *m = q->match;
    size_t from = (size_t)(m->secret_from - m->around_offset);
    size_t to = (size_t)(m->secret_to - m->around_offset);
    size_t at;

    q->value = slice(m->around, from, to);
    q->line = ss_extract_line(m->around, from, to);
    at = from - (size_t)(q->line.data - m->around.data);
    q->at = skip_scheme(q->line, at);
    if (is_alone(q))
        return 0;
    q->setting = ss_setting_at(q->line, q->at, at - q->at + q->value.len);
    take_names(q);
    ss_reading_of(&q->own, own_text(q));
    judge_names(q);
    q->has_credential |= q->at != at;
    return !q->is_hash;
}

static void search(naming *q)
{
    look(q, IN_NAME, q->name);
    if (!q->best.rule && !q->rc)
        look(q, IN_OWNER, q->owner);
    if (!q->best.rule && !q->rc)
        look_in_line(q);
    if (!q->best.rule && !q->rc)
        look_above(q);
}

/* The match is the value itself from here on, whichever carrier found it. */
static void rename_match(ss_match *m, const naming *q)
{
    m->rule = q->best.rule;
    m->rule_number = q->best.number;
    m->evidence = m->rule->evidence;
    m->severity = m->rule->severity;
    m->confidence = m->rule->confidence;
    m->from = m->secret_from;
    m->to = m->secret_to;
    m->match_len = m->secret_len;
    m->line = q->line;
    m->match_at = m->secret_at = (size_t)(q->value.data - q->line.data);
}

int ss_namer_name(ss_namer *namer, ss_match *match, secscan_error *err)
{
    naming q;

    if (!is_possible(&namer->set->kinds, match))
        return 0;
    memset(&q, 0, sizeof(q));
    q.namer = namer;
    q.match = match;
    q.err = err;
    if (start(&q))
        search(&q);
    if (!q.rc && q.best.rule)
        rename_match(match, &q);
    return q.rc;
}

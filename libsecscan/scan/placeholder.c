/*
 * placeholder.c: stand-ins for a value: templates, masks, sequences, and words
 * like changeme. Judged from the value alone. Words count whole: a random token
 * with "foo" in it is no placeholder.
 */
#include "scan/filter.h"

#include "scan/known.h"
#include "scan/word.h"

#define N_OF(table) (sizeof(table) / sizeof((table)[0]))

/* Texts longer than this (keys, documents) are not searched for words. */
#define MAX_WORDS_LEN 256u

/* Values made of these alone, with separators and a short number, say what
 * belongs in their place. Sorted. */
/* clang-format off */
static const char *const stand_in_words[] = {
    "a", "abc", "access", "account", "actual", "add", "admin", "administrator",
    "always", "amqp", "an", "and", "any", "api", "apikey", "app",
    "application", "are", "as", "asdf", "auth", "authorization", "aws",
    "azure", "bar", "baz", "be", "bearer", "blah", "blank", "bot", "bucket",
    "by", "cert", "certificate", "change", "changeit", "changeme",
    "changethis", "client", "code", "config", "confirm", "confirmation",
    "consumer", "correct", "cred", "credential", "credentials", "current",
    "customer", "data", "database", "db", "default", "demo", "deploy", "dev",
    "development", "device", "do", "docker", "domain", "dummy", "echo",
    "email", "empty", "encrypted", "encryption", "enter", "env", "example",
    "fake", "false", "field", "file", "fill", "fixme", "foo", "foobar", "for",
    "from", "generate", "generated", "get", "git", "github", "gitlab", "goes",
    "google", "guest", "hash", "hello", "here", "hex", "hidden", "hmac",
    "host", "hostname", "id", "in", "input", "insert", "invalid", "is", "it",
    "jwt", "key", "keys", "label", "letmein", "local", "localhost", "login",
    "long", "longer", "mail", "mask", "masked", "master", "me", "missing",
    "mock", "mongo", "mongodb", "must", "my", "mysql", "na", "name", "never",
    "new", "nil", "no", "none", "not", "nothing", "npm", "null", "number",
    "oauth", "oauth2", "of", "ok", "old", "on", "only", "openai", "optional",
    "or", "org", "other", "our", "own", "pass", "passphrase", "passwd",
    "password", "passwords", "paste", "payload", "personal", "pin",
    "placeholder", "please", "postgres", "postgresql", "private", "prod",
    "production", "project", "public", "put", "pw", "pwd", "qwerty",
    "rabbitmq", "random", "real", "redacted", "redis", "refresh", "remove",
    "removed", "replace", "replaced", "replaceme", "required", "root", "s3",
    "safe", "salt", "sample", "secret", "secrets", "secure", "seed", "server",
    "service", "session", "set", "shared", "shhh", "shhhh", "shhhhh",
    "shhhhhh", "should", "signing", "slack", "some", "something", "staging",
    "strict", "string", "stripe", "strong", "super", "supersecret", "tbd",
    "test", "tester", "testing", "tests", "text", "that", "the", "this",
    "thisis", "to", "todo", "token", "tokens", "top", "topsecret", "true",
    "twilio", "undefined", "unknown", "unset", "unused", "url", "use", "used",
    "user", "username", "users", "valid", "value", "values", "very", "web",
    "webhook", "with", "word", "wrong", "xxx", "yes", "you", "your", "yours",
    "yyy", "zzz",
};
/* clang-format on */

/* One of these as a word of its own settles it, whatever stands beside it. */
/* clang-format off */
static const char *const decisive_words[] = {
    "changeit", "changeme", "changethis", "dummy", "example", "fake", "fixme",
    "insert", "masked", "mock", "placeholder", "redacted", "removed",
    "replace", "replaceme", "sample", "todo", "xxxx", "xxxxx", "your",
};
/* clang-format on */

/* Long enough not to turn up in random text. */
/* clang-format off */
static const char *const decisive_texts[] = {
    "example", "changeme", "change_me", "change-me", "change_this",
    "change-this", "placeholder", "redacted", "replaceme", "replace_me",
    "replace-me", "replace_with", "replace-with", "your_", "your-", "yourpass",
    "yoursecret", "yourtoken", "yourkey", "yourapi", "notasecret",
    "not-a-secret", "not_a_secret", "not-real", "notreal", "fake_", "dummy_",
    "insert_", "put_your", "xxxxx", "-goes-here", "_goes_here", "_here>",
    "secret_scanning_ab85fc6f",
};
/* clang-format on */

static int is_name_byte(uint8_t c)
{
    return ss_is_alnum(c) || c == '_' || c == '-' || c == '.' || c == ' ';
}

static int is_name(ss_bytes s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (!is_name_byte(s.data[i]))
            return 0;
    }
    return s.len > 0;
}

static size_t find_text(ss_bytes s, size_t from, const char *text)
{
    size_t len = strlen(text);

    for (size_t i = from; i + len <= s.len; i++) {
        if (s.data[i] == (uint8_t)text[0] && !memcmp(s.data + i, text, len))
            return i;
    }
    return SIZE_MAX;
}

/* Brackets of the languages of templates, around anything. */
typedef struct bracket {
    const char *open, *close;
} bracket;

static const bracket brackets[] = {
    {"${", "}"},  {"{{", "}}"}, {"#{", "}"}, {"$(", ")"}, {"%(", ")s"},
    {"<%", "%>"}, {"{%", "%}"}, {"$[", "]"}, {"%{", "}"}, {"@{", "}"},
};

static int has_template(ss_bytes s)
{
    for (size_t i = 0; i < N_OF(brackets); i++) {
        size_t at = find_text(s, 0, brackets[i].open);

        if (at != SIZE_MAX &&
            find_text(s, at + 2, brackets[i].close) != SIZE_MAX)
            return 1;
    }
    return 0;
}

/* <name>, {name} and {name:16}: the inside has to be a name, since passwords
 * have brackets too. */
static int has_bracketed_name(ss_bytes s, char open, char close)
{
    for (size_t i = 0; i < s.len; i++) {
        size_t to = i + 1;

        if (s.data[i] != open)
            continue;
        while (to < s.len &&
               (is_name_byte(s.data[to]) || (open == '{' && s.data[to] == ':')))
            to++;
        if (to < s.len && s.data[to] == close && to > i + 2)
            return 1;
    }
    return 0;
}

static int is_wrapped(ss_bytes s, const char *open, const char *close)
{
    size_t n = strlen(open), m = strlen(close);

    return s.len > n + m && !memcmp(s.data, open, n) &&
           !memcmp(s.data + s.len - m, close, m) &&
           is_name((ss_bytes){s.data + n, s.len - n - m});
}

/* $NAME, $1, $env:NAME, $config['x'], $this->x; not $2a$10$..., a hash. */
static int is_variable(ss_bytes s)
{
    size_t i = 1;

    if (s.len < 2 || s.data[0] != '$')
        return 0;
    if (s.len == 2)
        return 1;
    if (!ss_is_alpha(s.data[1]) && s.data[1] != '_')
        return 0;
    while (i < s.len && (ss_is_alnum(s.data[i]) || s.data[i] == '_'))
        i++;
    return i == s.len || s.data[i] == '[' || s.data[i] == ':' ||
           s.data[i] == '-' || s.data[i] == '.' || s.data[i] == '/' ||
           s.data[i] == '@';
}

/* %s, %d, %v, {}, {0}, ?, :name */
static int is_format(ss_bytes s)
{
    size_t n_formats = 0;

    for (size_t i = 0; i + 1 < s.len; i++) {
        if (s.data[i] == '%' && memchr("sdvqx@", s.data[i + 1], 6) &&
            (i + 2 == s.len || !ss_is_alnum(s.data[i + 2])))
            n_formats++;
    }
    return (n_formats > 0 && n_formats * 2 + 2 >= s.len) || n_formats > 2 ||
           ss_bytes_equal(s, ss_bytes_str("{}"));
}

static int has_any_of(ss_bytes s, const char *bytes)
{
    for (size_t i = 0; i < s.len; i++) {
        if (strchr(bytes, s.data[i]))
            return 1;
    }
    return 0;
}

static int is_template(ss_bytes s)
{
    if (is_wrapped(s, "__", "__") || ss_bytes_equal(s, ss_bytes_str("?")))
        return 1;
    if (!has_any_of(s, "<{[(%$@"))
        return 0;
    return s.data[0] == '<' || has_template(s) ||
           has_bracketed_name(s, '<', '>') || has_bracketed_name(s, '{', '}') ||
           is_wrapped(s, "[", "]") || is_wrapped(s, "{", "}") ||
           is_wrapped(s, "%", "%") || is_wrapped(s, "@", "@") ||
           is_wrapped(s, "((", "))") || is_variable(s) || is_format(s) ||
           ss_bytes_starts_nocase(s, "@value(");
}

/* Dots, asterisks or bullets where the value was. */
static int is_masked(ss_bytes s)
{
    if (find_text(s, 0, "...") != SIZE_MAX ||
        find_text(s, 0, "***") != SIZE_MAX ||
        find_text(s, 0, "\xe2\x80\xa6") != SIZE_MAX || /* ellipsis */
        find_text(s, 0, "\xe2\x80\xa2") != SIZE_MAX)   /* bullet */
        return 1;
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] != '*' && s.data[i] != '.' && s.data[i] != '?' &&
            s.data[i] != '#' && s.data[i] != '_' && s.data[i] != '-')
            return 0;
    }
    return 1;
}

/* What stands to the right of a key. */
static const char row_next[128] = {
    ['q'] = 'w', ['w'] = 'e', ['e'] = 'r', ['r'] = 't', ['t'] = 'y',
    ['y'] = 'u', ['u'] = 'i', ['i'] = 'o', ['o'] = 'p', ['a'] = 's',
    ['s'] = 'd', ['d'] = 'f', ['f'] = 'g', ['g'] = 'h', ['h'] = 'j',
    ['j'] = 'k', ['k'] = 'l', ['z'] = 'x', ['x'] = 'c', ['c'] = 'v',
    ['v'] = 'b', ['b'] = 'n', ['n'] = 'm', ['9'] = '0',
};

/* Does `next` come behind `c` on the alphabet, the digits or a row of keys? */
static int is_behind(uint8_t c, uint8_t next)
{
    if (!ss_is_alnum(c) || !ss_is_alnum(next))
        return 0;
    c = ss_lower(c);
    next = ss_lower(next);
    return next == c + 1 || (uint8_t)row_next[c] == next ||
           (c == '9' && next == 'a');
}

static size_t run_len(ss_bytes s, size_t from, size_t stride, int direction)
{
    size_t i = from;

    for (; i + stride < s.len; i++) {
        uint8_t a = s.data[i], b = s.data[i + stride];

        if (direction == 0  ? a != b
            : direction > 0 ? !is_behind(a, b)
                            : !is_behind(b, a))
            break;
    }
    return i == from ? 0 : i - from + stride;
}

/* The longest run at `from` of one character, a sequence up or down, or two
 * sequences that take turns (a1b2c3d4). */
static size_t longest_run(ss_bytes s, size_t from)
{
    size_t same = run_len(s, from, 1, 0);
    size_t up = run_len(s, from, 1, 1);
    size_t down = run_len(s, from, 1, -1);
    size_t turns = run_len(s, from, 2, 1);
    size_t best = same >= 3 ? same : 0;

    if (up >= 4 || (up == 3 && s.len == 3))
        best = up > best ? up : best;
    if (down >= 4)
        best = down > best ? down : best;
    if (turns >= 6)
        best = turns > best ? turns : best;
    return best;
}

/* Are six tenths of it runs? Separators count for nothing. */
static int is_of_runs(ss_bytes s)
{
    size_t n_covered = 0, n_counted = 0;

    for (size_t i = 0; i < s.len;) {
        size_t run = longest_run(s, i);

        if (run) {
            n_covered += run;
            n_counted += run;
            i += run;
            continue;
        }
        n_counted += ss_is_alnum(s.data[i]) ? 1 : 0;
        i++;
    }
    return n_counted >= 3 && n_covered * 10 >= n_counted * 6;
}

/* A unit of up to a third, again and again: abcabcabc, deadbeefdeadbeef... */
static int is_periodic(ss_bytes s)
{
    for (size_t period = 1; period <= s.len / 3 && period <= 16; period++) {
        size_t i = 0;

        while (i + period < s.len && s.data[i] == s.data[i + period])
            i++;
        if (i + period == s.len)
            return s.len >= 6 || period == 1;
    }
    return 0;
}

/* One character, whatever separates: 0000-0000, xxxx_xxxx, x. */
static int is_one_letter(ss_bytes s)
{
    uint8_t letter = 0;

    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = ss_lower(s.data[i]);

        if (c == '-' || c == '_' || c == ' ' || c == '.' || c == ':')
            continue;
        if (letter && c != letter)
            return 0;
        letter = c;
    }
    return 1;
}

/* Behind the vendor's prefix (sk_live_, ghp_), if there is one. */
static ss_bytes body_of(ss_bytes s)
{
    size_t from = 0;

    for (size_t i = 0; i < s.len / 2 && i < 16; i++) {
        if (s.data[i] == '_' || s.data[i] == '-')
            from = i + 1;
    }
    return (ss_bytes){s.data + from, s.len - from};
}

/* Cut `letters` into words of the table, longest first. The table has short
 * words: the depth keeps the search from growing. */
static int is_cut_into_words(ss_bytes letters, int depth)
{
    if (!letters.len)
        return 1;
    if (depth == 0)
        return 0;
    for (size_t len = letters.len < 14 ? letters.len : 14; len > 0; len--) {
        ss_bytes head = {letters.data, len};
        ss_bytes tail = {letters.data + len, letters.len - len};

        if (ss_word_in(head, stand_in_words, N_OF(stand_in_words)) &&
            is_cut_into_words(tail, depth - 1))
            return 1;
    }
    return 0;
}

static int is_short_number(ss_bytes digits)
{
    return digits.len < 4 || longest_run(digits, 0) == digits.len;
}

static int is_separator(ss_bytes other)
{
    for (size_t i = 0; i < other.len; i++) {
        if (!memchr("-_. :/,!?()'\"\\;", other.data[i], 15))
            return 0;
    }
    return 1;
}

/* your_api_key_here, "Enter password", my-secret-1, testpassword. */
static int is_of_stand_ins(ss_bytes s)
{
    ss_bytes word;
    ss_word_kind kind;
    size_t n_words = 0;

    for (kind = ss_word_next(&s, &word); kind != SS_WORD_END;
         kind = ss_word_next(&s, &word)) {
        if (kind == SS_WORD_LETTERS && !is_cut_into_words(word, 6))
            return 0;
        if (kind == SS_WORD_DIGITS && !is_short_number(word))
            return 0;
        if (kind == SS_WORD_OTHER && !is_separator(word))
            return 0;
        n_words += kind == SS_WORD_LETTERS;
    }
    return n_words > 0;
}

static int has_decisive_text(ss_bytes s)
{
    for (size_t i = 0; i < s.len; i++) {
        const ss_bytes rest = {s.data + i, s.len - i};
        const char first = (char)ss_lower(s.data[i]);

        for (size_t n = 0; n < N_OF(decisive_texts); n++) {
            if (decisive_texts[n][0] == first &&
                ss_bytes_starts_nocase(rest, decisive_texts[n]))
                return 1;
        }
    }
    return 0;
}

/* A word of its own has no letter or digit at either side. */
static int has_decisive_word(ss_bytes s)
{
    size_t from = 0;

    for (size_t i = 0; i <= s.len; i++) {
        if (i < s.len && ss_is_alnum(s.data[i]))
            continue;
        if (ss_word_in((ss_bytes){s.data + from, i - from}, decisive_words,
                       N_OF(decisive_words)))
            return 1;
        from = i + 1;
    }
    return 0;
}

/* yourKey: the hump is the end of the word. */
static int starts_with_your(ss_bytes s)
{
    return ss_bytes_starts_nocase(s, "your") &&
           (s.len == 4 || s.data[4] < 'a' || s.data[4] > 'z');
}

/* Samples that specifications and manuals print (RFC 6749, 5849, 7617, JWT's
 * home page, payment providers), by ss_bytes_hash, so that none stands here. */
static const uint64_t sample_hashes[] = {
    0x03b3433f2c47d86fu, 0x058633e2ffe8cd27u, 0x0ab50e412ab981a4u,
    0x105e4dd763a812bcu, 0x15f87945422cbea3u, 0x1a7b78be56f3054du,
    0x268c162f0c1dcb48u, 0x273f5e023867ba98u, 0x2e2380ac3dc2ea0bu,
    0x30aa8188bb023e35u, 0x35f259b03a978db1u, 0x4b814e2c74560377u,
    0x67e733c2f9035757u, 0x846b2a1e2fad7fcbu, 0x9617ea5685ae57eau,
    0xbb65956c4b8b34bfu, 0xd7ba480fb3bb167eu, 0xd96cd7e7edeee90eu,
    0xd9ad86ad3724159bu, 0xdc8d8ca0645472e9u, 0xddd19c486d095d84u,
    0xecc1a4474851bc28u,
};

static int is_known_sample(ss_bytes s)
{
    uint64_t hash = ss_bytes_hash(s);

    for (size_t i = 0; i < N_OF(sample_hashes); i++) {
        if (sample_hashes[i] == hash)
            return 1;
    }
    return 0;
}

/* The lines around a key block, without a key: 40 characters are less than the
 * smallest has. */
static int is_empty_block(ss_bytes s)
{
    size_t run = 0;

    if (!ss_bytes_starts(s, "-----BEGIN"))
        return 0;
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.data[i];

        run = ss_is_alnum(c) || c == '+' || c == '/' ? run + 1 : 0;
        if (run >= 40)
            return 0;
    }
    return 1;
}

static int is_stand_in_body(ss_bytes body, ss_bytes whole)
{
    if (body.len == whole.len)
        return 0;
    return (body.len >= 3 && is_one_letter(body)) || is_of_runs(body) ||
           is_periodic(body);
}

/* Of a long token only what vendors write into their samples counts. */
static int is_long_sample(ss_bytes s)
{
    return find_text(s, 0, "EXAMPLE") != SIZE_MAX &&
           !memchr(s.data, '\n', s.len) && !memchr(s.data, ' ', s.len);
}

static int is_of_words(ss_bytes s)
{
    return is_known_sample(s) || starts_with_your(s) || has_decisive_word(s) ||
           has_decisive_text(s) || is_of_stand_ins(s);
}

/* Base64 of a stand-in, or of user:stand-in. */
static int is_of_words_in_base64(ss_bytes s)
{
    uint8_t text[SS_BASE64_TEXT];
    size_t len = ss_text_in_base64(text, s);
    const uint8_t *colon;

    if (len == SIZE_MAX || len == 0)
        return 0;
    colon = memchr(text, ':', len);
    if (!colon)
        return is_of_words((ss_bytes){text, len});
    len -= (size_t)(colon + 1 - text);
    return len > 0 && is_of_words((ss_bytes){colon + 1, len});
}

int ss_is_placeholder(ss_bytes secret)
{
    if (!secret.len || is_template(secret) || is_masked(secret) ||
        is_one_letter(secret) || is_empty_block(secret))
        return 1;
    if (is_of_runs(secret) || is_periodic(secret) ||
        is_stand_in_body(body_of(secret), secret))
        return 1;
    if (secret.len > MAX_WORDS_LEN)
        return is_long_sample(secret);
    return is_of_words(secret) || is_of_words_in_base64(secret);
}

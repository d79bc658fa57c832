/*
 * plausible.c: what a value of no known format has to be before an assignment
 * makes it a credential. Errs on the side of silence.
 */
#include "scan/filter.h"

#include "scan/known.h"
#include "scan/setting.h"
#include "scan/word.h"

#define N_OF(table) (sizeof(table) / sizeof((table)[0]))

#define MAX_LEN 1024u

/* What the name promises. */
typedef enum promise {
    PROMISE_NOTHING, /* no name, or one that says nothing */
    PROMISE_KEY,     /* "key" alone: of a map, a table, a cache */
    PROMISE_TOKEN,   /* token, secret, api key: made by a machine */
    PROMISE_PASSWORD /* chosen by a person */
} promise;

/* clang-format off */
static const char *const password_words[] = {
    "contrasena", "motdepasse", "pass", "passcode", "passphrase", "passwd",
    "password", "passwords", "passwort", "psw", "pswd", "pw", "pwd", "senha",
};
static const char *const token_words[] = {
    "accesskey", "apikey", "apitoken", "auth", "authkey", "authorization",
    "bearer", "cookie", "cred", "credential", "credentials", "creds",
    "encryptionkey", "jwt", "licensekey", "masterkey", "oauth", "pat",
    "privatekey", "secret", "secretkey", "secrets", "signingkey", "token",
    "tokens",
};
/* Words that make a key one of cryptography or of a service. */
static const char *const key_words[] = {
    "access", "account", "admin", "api", "app", "application", "auth",
    "cipher", "client", "consumer", "crypt", "crypto", "decryption",
    "encryption", "hmac", "integration", "jwt", "license", "master", "oauth",
    "private", "secret", "secure", "server", "service", "session", "shared",
    "signature", "signing", "storage", "subscription", "webhook", "write",
};
/* A name that ends so is about the credential, and does not hold it. */
static const char *const about_words[] = {
    "action", "address", "age", "alg", "algo", "algorithm", "alias", "arg",
    "arn", "attr", "attribute", "audience", "author", "bits", "button",
    "bytes", "callback", "change", "char", "chars", "charset", "check",
    "class", "column", "command", "component", "config", "content", "control",
    "controller", "count", "date", "description", "dir", "directory", "domain",
    "email", "enabled", "encoding", "endpoint", "env", "environment", "error",
    "event", "example", "exists", "expiration", "expires", "expiry", "factory",
    "field", "fields", "file", "filename", "filter", "flag", "form", "format",
    "func", "function", "generator", "group", "handler", "header", "help",
    "hint", "host", "hostname", "icon", "id", "identifier", "ids", "index",
    "info", "input", "interval", "issuer", "kind", "label", "len", "length",
    "level", "limit", "link", "list", "loc", "location", "manager", "map",
    "max", "message", "method", "mgr", "min", "mode", "model", "module", "msg",
    "name", "names", "namespace", "nonce", "num", "number", "object", "offset",
    "option", "options", "order", "owner", "page", "param", "parameter",
    "params", "parser", "path", "pattern", "permission", "permissions",
    "placeholder", "policy", "port", "position", "prefix", "prompt",
    "property", "provider", "query", "realm", "ref", "reference", "regex",
    "regexp", "region", "request", "requests", "required", "reset", "resource",
    "response", "result", "role", "rotation", "route", "rule", "rules", "salt",
    "scheme", "scope", "scopes", "screen", "selector", "service", "signature",
    "size", "source", "state", "status", "store", "strategy", "strength",
    "suffix", "table", "tag", "target", "template", "test", "text", "time",
    "timeout", "timestamp", "title", "ttl", "type", "types", "uri", "url",
    "urls", "usage", "user", "username", "uuid", "valid", "validation",
    "validator", "validity", "var", "variable", "version", "view", "visible",
    "warning", "width", "window", "zone",
};
/* A name with one of these anywhere is of something public or derived. */
static const char *const public_words[] = {
    "checksum", "digest", "encrypted", "etag", "fingerprint", "hash", "hashed",
    "md5", "pub", "pubkey", "public", "publickey", "publishable", "sha",
    "sha1", "sha256", "sha512", "site", "sitekey", "thumbprint",
};
/* Tokens that say where a list goes on, or what is one request. */
static const char *const harmless_words[] = {
    "cancel", "cancellation", "change", "continuation", "continue", "csrf",
    "csrftoken", "cursor", "delta", "idempotency", "lexer", "marker", "next",
    "page", "pagination", "paging", "parser", "resume", "sync", "syntax",
    "xsrf",
};
/* A line with one of these tells of a digest. */
static const char *const digest_texts[] = {
    "sha256", "sha1", "sha-1", "sha-256", "sha512", "md5", "checksum",
    "integrity", "digest", "hash", "commit", "revision", "etag",
    "fingerprint", "publickeytoken",
};
/* clang-format on */

static int is_about(ss_bytes word)
{
    return ss_word_in(word, about_words, N_OF(about_words));
}

static promise promise_of_word(ss_bytes word)
{
    if (ss_word_in(word, password_words, N_OF(password_words)))
        return PROMISE_PASSWORD;
    if (ss_word_in(word, token_words, N_OF(token_words)))
        return PROMISE_TOKEN;
    return PROMISE_NOTHING;
}

/* The whole run "apikey", "dbpassword" as well: names without humps. */
static promise promise_of_end(ss_bytes word)
{
    static const char *const ends[] = {"password", "passwd", "pwd"};
    static const char *const token_ends[] = {"token", "secret", "apikey",
                                             "secretkey", "accesskey"};

    for (size_t i = 0; i < N_OF(ends); i++) {
        size_t len = strlen(ends[i]);

        if (word.len > len &&
            ss_bytes_starts_nocase((ss_bytes){word.data + word.len - len, len},
                                   ends[i]))
            return PROMISE_PASSWORD;
    }
    for (size_t i = 0; i < N_OF(token_ends); i++) {
        size_t len = strlen(token_ends[i]);

        if (word.len > len &&
            ss_bytes_starts_nocase((ss_bytes){word.data + word.len - len, len},
                                   token_ends[i]))
            return PROMISE_TOKEN;
    }
    return PROMISE_NOTHING;
}

/* What words of a name say, one after the other. */
typedef struct reading {
    promise best;
    int has_key_word; /* one of key_words */
    int is_key;       /* the last word is "key" */
    int is_about;     /* the last word is one of about_words */
    int is_public;
    int is_harmless;
    int is_of_call; /* "pass" and "auth" are verbs there */
} reading;

static void read_word(reading *r, ss_bytes word)
{
    promise p = r->is_of_call && word.len <= 4 ? PROMISE_NOTHING
                                               : promise_of_word(word);

    if (p == PROMISE_NOTHING)
        p = promise_of_end(word);
    if (p > r->best)
        r->best = p;
    r->is_about = is_about(word);
    r->is_key = ss_bytes_starts_nocase(word, "key") && word.len <= 4;
    if (ss_word_in(word, key_words, N_OF(key_words)))
        r->has_key_word = 1;
    if (ss_word_in(word, public_words, N_OF(public_words)))
        r->is_public = 1;
    if (ss_word_in(word, harmless_words, N_OF(harmless_words)))
        r->is_harmless = 1;
}

static void read_name(reading *r, ss_bytes name)
{
    ss_bytes word;
    ss_word_kind kind;

    for (kind = ss_word_next(&name, &word); kind != SS_WORD_END;
         kind = ss_word_next(&name, &word)) {
        if (kind == SS_WORD_LETTERS)
            read_word(r, word);
    }
}

/* How far before a name that says nothing another one is looked for. */
#define REACH 80u

/* key="MailPassword" value="...", and a value on the line below its name. */
static int is_only_value(ss_bytes name)
{
    static const char *const names[] = {"content", "default", "text", "val",
                                        "value"};

    return ss_word_in(name, names, N_OF(names));
}

static ss_bytes text_before(const ss_setting *s)
{
    size_t to = (size_t)(s->name.data - s->line.data);
    size_t from = to > REACH ? to - REACH : 0;

    return (ss_bytes){s->line.data + from, to - from};
}

/* What the name promises; 0 when it is the name of something else. */
static int promise_of(const ss_setting *s, promise *out)
{
    reading r = {0}, other = {.is_of_call = 1};

    if (is_only_value(s->name))
        read_name(&r, text_before(s));
    else
        read_name(&r, s->name);
    if (r.is_about || r.is_public ||
        (r.is_harmless && r.best != PROMISE_PASSWORD))
        return 0;
    if (r.best == PROMISE_NOTHING && r.is_key)
        r.best = r.has_key_word ? PROMISE_TOKEN : PROMISE_KEY;
    if (r.best == PROMISE_NOTHING) {
        read_name(&other, s->owner.len ? s->owner : s->call);
        if (other.is_public)
            return 0;
        r.best = other.best;
    }
    *out = r.best;
    return 1;
}

/* Counts of what the value is made of. */
typedef struct makeup {
    size_t n_lower, n_upper, n_digits, n_symbols;
    size_t n_odd; /* letters in runs that look like no word */
} makeup;

static int count_makeup(makeup *m, ss_bytes value)
{
    ss_bytes word, rest = value;
    ss_word_kind kind;

    for (size_t i = 0; i < value.len; i++) {
        uint8_t c = value.data[i];

        if (c <= ' ' || c >= 0x7f)
            return 0;
        if (ss_is_digit(c))
            m->n_digits++;
        else if (!ss_is_alpha(c))
            m->n_symbols++;
        else if (c >= 'a')
            m->n_lower++;
        else
            m->n_upper++;
    }
    for (kind = ss_word_next(&rest, &word); kind != SS_WORD_END;
         kind = ss_word_next(&rest, &word)) {
        if (kind == SS_WORD_LETTERS && !ss_is_wordlike(word))
            m->n_odd += word.len;
    }
    return 1;
}

static int n_classes(const makeup *m)
{
    return (m->n_lower > 0) + (m->n_upper > 0) + (m->n_digits > 0) +
           (m->n_symbols > 0);
}

/* A bare value that source code would read as something else than text. */
static int is_code(ss_bytes value)
{
    for (size_t i = 0; i < value.len; i++) {
        if (memchr("()[]{}<>;,\"'`", value.data[i], 13))
            return 1;
    }
    return value.data[0] == '=' || value.data[0] == '&' ||
           value.data[0] == '*' || value.data[0] == ':' || value.data[0] == '!';
}

static int is_bare_argument(const ss_setting *s)
{
    return s->op == '(' || s->op == ',' || s->op == '[' || s->op == 'c';
}

static int is_digest(const ss_setting *s)
{
    if (!ss_is_hex(s->value) || s->value.len < 16)
        return 0;
    for (size_t i = 0; i < N_OF(digest_texts); i++) {
        if (ss_bytes_find_nocase(s->line, ss_bytes_str(digest_texts[i])) !=
            SIZE_MAX)
            return 1;
    }
    return 0;
}

/* Digits that are text: NAME=123456 and name: 123456, not NAME = 123456. */
static int is_text(const ss_setting *s)
{
    return s->quote || s->op == ':' ||
           (s->op == '=' && s->value.data > s->line.data &&
            s->value.data[-1] == '=');
}

/* "Passwuert": a label in some language. A fifth of the letters are vowels. */
static int is_capitalized_word(const makeup *m, ss_bytes value)
{
    size_t n_vowels = 0;

    if (m->n_upper != 1 || m->n_lower + 1 != value.len || value.data[0] >= 'a')
        return 0;
    for (size_t i = 0; i < value.len; i++) {
        if (memchr("aeiouy", ss_lower(value.data[i]), 6))
            n_vowels++;
    }
    return n_vowels * 5 >= value.len;
}

/* In f("password", "level2") the name is a guess: a word with a digit is not
 * enough there. */
static int is_assigned(const ss_setting *s)
{
    return s->op == '=' || s->op == ':' || s->op == '>' || s->op == ' ' ||
           s->op == 'c' || (s->op == '(' && s->is_first_argument);
}

/* hunter2: a word with a digit or a symbol in it is what people choose. */
static int is_password(const ss_setting *s, const makeup *m)
{
    size_t n_letters = m->n_lower + m->n_upper;

    if (s->value.len < 5)
        return 0;
    if (!n_letters && !m->n_symbols)
        return s->value.len >= 6 && is_text(s);
    if (is_capitalized_word(m, s->value))
        return 0;
    if (!ss_is_wordy(s->value))
        return m->n_odd > 0 || n_classes(m) > 1;
    if (s->value.len < 6 || !m->n_digits || !is_assigned(s))
        return 0;
    /* first_name2, ip-10: names have separators and digits too. */
    return !memchr(s->value.data, '_', s->value.len) &&
           !memchr(s->value.data, '-', s->value.len);
}

static int is_token(const ss_setting *s, const makeup *m, size_t min_len)
{
    if (s->value.len < min_len || ss_is_wordy(s->value))
        return 0;
    if (!m->n_lower && !m->n_upper)
        return s->value.len >= (s->quote ? 8 : 14) && is_text(s);
    return m->n_odd > 0 || n_classes(m) > 1;
}

/* "key" alone is mostly the key of a map: it takes a value that nobody would
 * choose as one. */
static int is_strong(const ss_setting *s, const makeup *m)
{
    size_t n_letters = m->n_lower + m->n_upper;

    if (s->value.len < 16 || !m->n_digits || !n_letters ||
        ss_is_wordy(s->value) || ss_is_uuid(s->value) ||
        ss_bytes_find_nocase(s->line, ss_bytes_str("public")) != SIZE_MAX)
        return 0;
    if (m->n_lower && m->n_upper)
        return ss_entropy(s->value) > 3.5;
    return s->value.len >= 20 && !m->n_symbols && ss_entropy(s->value) > 3.0;
}

/* smtp_password, OLD_TOKEN: a value that has a word for a credential in it is
 * a label. */
static int is_label(ss_bytes value)
{
    ss_bytes word;
    ss_word_kind kind;

    for (kind = ss_word_next(&value, &word); kind != SS_WORD_END;
         kind = ss_word_next(&value, &word)) {
        if (kind == SS_WORD_LETTERS && word.len >= 4 &&
            promise_of_word(word) != PROMISE_NOTHING)
            return 1;
    }
    return 0;
}

static int is_promised(const ss_setting *s, const makeup *m, promise p)
{
    switch (p) {
    case PROMISE_PASSWORD:
        return is_password(s, m);
    case PROMISE_TOKEN:
        return is_token(s, m, 8);
    default:
        return is_strong(s, m);
    }
}

/* Base64 of a text of words, as a manual has it. */
static int is_wordy_in_base64(ss_bytes value)
{
    uint8_t text[SS_BASE64_TEXT];
    size_t len = ss_text_in_base64(text, value);

    return len != SIZE_MAX && ss_is_wordy((ss_bytes){text, len});
}

int ss_is_plausible(ss_bytes line, size_t secret_at, size_t secret_len)
{
    ss_setting s = ss_setting_at(line, secret_at, secret_len);
    makeup m = {0};
    promise p;

    if (secret_len < 5 || secret_len > MAX_LEN || !count_makeup(&m, s.value))
        return 0;
    if (!s.quote && (is_code(s.value) || is_bare_argument(&s)))
        return 0;
    if (!promise_of(&s, &p) || is_digest(&s))
        return 0;
    if (ss_is_known_form(s.value) || is_wordy_in_base64(s.value))
        return 0;
    if (is_label(s.value) && (p != PROMISE_PASSWORD || !m.n_digits))
        return 0;
    return is_promised(&s, &m, p);
}

/*
 * name.c: what a name promises of its value.
 */
#include "scan/name.h"

#include "scan/word.h"

#define N_OF(table) (sizeof(table) / sizeof((table)[0]))

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
    "arn", "at", "attr", "attribute", "audience", "author", "bits", "bound",
    "button", "bytes", "callback", "change", "char", "chars", "charset",
    "check", "cidr", "cidrs", "class", "column", "command", "component",
    "config", "content", "control", "controller", "count", "date", "days",
    "description", "dir", "directory", "domain", "email", "enabled",
    "encoding", "endpoint", "env", "environment", "epoch", "error", "event",
    "example", "exists", "expiration", "expire", "expires", "expiry",
    "factory", "field", "fields", "file", "filename", "filter", "flag", "form",
    "format", "func", "function", "generator", "group", "handler", "header",
    "help", "hint", "host", "hostname", "hours", "icon", "id", "identifier",
    "ids", "index", "info", "input", "interval", "issuer", "kind", "label",
    "len", "length", "level", "limit", "link", "list", "loc", "location",
    "manager", "map", "max", "message", "method", "mgr", "millis", "min",
    "minutes", "mode", "model", "module", "msg", "name", "names", "namespace",
    "nonce", "num", "number", "object", "offset", "option", "options", "order",
    "owner", "page", "param", "parameter", "params", "parser", "path",
    "pattern", "period", "permission", "permissions", "placeholder",
    "policies", "policy", "port", "position", "prefix", "prompt", "property",
    "provider", "query", "realm", "ref", "reference", "regex", "regexp",
    "region", "reply", "request", "requests", "required", "reset", "resource",
    "response", "result", "role", "rotation", "route", "rule", "rules", "salt",
    "scheme", "scope", "scopes", "screen", "seconds", "secs", "selector",
    "service", "signature", "since", "size", "source", "standard", "state",
    "status", "store", "str", "strategy", "strength", "suffix", "table", "tag",
    "target", "template", "test", "text", "time", "timeout", "timestamp",
    "title", "ttl", "type", "types", "until", "uri", "url", "urls", "usage",
    "user", "username", "uuid", "valid", "validation", "validator", "validity",
    "var", "variable", "version", "view", "visible", "warning", "width",
    "window", "zone",
};
/* A name with one of these anywhere is of something public or derived. */
static const char *const public_words[] = {
    "checksum", "digest", "encrypted", "etag", "fingerprint", "gpg", "hash", "hashed",
    "md5", "pgp", "pub", "pubkey", "public", "publickey", "publishable", "sha",
    "sha1", "sha256", "sha512", "site", "sitekey", "thumbprint",
};
/* Tokens that say where a list goes on, or what is one request. */
static const char *const harmless_words[] = {
    "cancel", "cancellation", "change", "continuation", "continue", "csrf",
    "csrftoken", "cursor", "delta", "idempotency", "idempotent",
    "jsonwebtoken", "lexer", "marker", "next", "page", "pagination", "paging",
    "parser", "resume", "sync", "syntax", "translation", "xsrf",
};
/* What owns the texts of a program: lang['password'] = "Lozinka". */
static const char *const text_words[] = {
    "labels", "lang", "locale", "locales", "translation", "translations",
};
/* clang-format on */

static int is_about(ss_bytes word)
{
    return ss_word_in(word, about_words, N_OF(about_words));
}

static ss_promise promise_of_word(ss_bytes word)
{
    if (ss_word_in(word, password_words, N_OF(password_words)))
        return SS_PROMISE_PASSWORD;
    if (ss_word_in(word, token_words, N_OF(token_words)))
        return SS_PROMISE_TOKEN;
    return SS_PROMISE_NOTHING;
}

/* The whole run "apikey", "dbpassword" as well: names without humps. */
static ss_promise promise_of_end(ss_bytes word)
{
    static const char *const ends[] = {"password", "passwd", "pwd"};
    static const char *const token_ends[] = {"token", "secret", "apikey",
                                             "secretkey", "accesskey"};

    for (size_t i = 0; i < N_OF(ends); i++) {
        size_t len = strlen(ends[i]);

        if (word.len > len &&
            ss_bytes_starts_nocase((ss_bytes){word.data + word.len - len, len},
                                   ends[i]))
            return SS_PROMISE_PASSWORD;
    }
    for (size_t i = 0; i < N_OF(token_ends); i++) {
        size_t len = strlen(token_ends[i]);

        if (word.len > len &&
            ss_bytes_starts_nocase((ss_bytes){word.data + word.len - len, len},
                                   token_ends[i]))
            return SS_PROMISE_TOKEN;
    }
    return SS_PROMISE_NOTHING;
}

static void read_word(ss_name *r, ss_bytes word, int is_of_call)
{
    ss_promise p = is_of_call && word.len <= 4 ? SS_PROMISE_NOTHING
                                               : promise_of_word(word);

    if (p == SS_PROMISE_NOTHING)
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
    if (ss_word_in(word, text_words, N_OF(text_words)))
        r->is_of_texts = 1;
}

void ss_name_read(ss_name *out, ss_bytes name, int is_of_call)
{
    ss_bytes word;
    ss_word_kind kind;

    memset(out, 0, sizeof(*out));
    for (kind = ss_word_next(&name, &word); kind != SS_WORD_END;
         kind = ss_word_next(&name, &word)) {
        if (kind != SS_WORD_LETTERS)
            continue;
        out->n_words++;
        read_word(out, word, is_of_call);
    }
}

/* smtp_password, OLD_TOKEN: a value that has a word for a credential in it is
 * a label. */
int ss_is_label(ss_bytes value)
{
    ss_bytes word;
    ss_word_kind kind;

    for (kind = ss_word_next(&value, &word); kind != SS_WORD_END;
         kind = ss_word_next(&value, &word)) {
        if (kind == SS_WORD_LETTERS && word.len >= 4 &&
            promise_of_word(word) != SS_PROMISE_NOTHING)
            return 1;
    }
    return 0;
}

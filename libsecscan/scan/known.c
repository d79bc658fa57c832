/*
 * known.c: forms of values that are something else than a credential.
 */
#include "scan/known.h"

#include "scan/check_family.h"
#include "scan/word.h"

#define N_OF(table) (sizeof(table) / sizeof((table)[0]))

int ss_is_hex(ss_bytes value)
{
    for (size_t i = 0; i < value.len; i++) {
        uint8_t c = ss_lower(value.data[i]);

        if (!ss_is_digit(c) && (c < 'a' || c > 'f'))
            return 0;
    }
    return value.len > 0;
}

int ss_is_uuid(ss_bytes value)
{
    if (value.len != 36)
        return 0;
    for (size_t i = 0; i < 36; i++) {
        int is_dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (is_dash ? value.data[i] != '-'
                    : !ss_is_hex((ss_bytes){value.data + i, 1}))
            return 0;
    }
    return 1;
}

/* Letters of one or two between separators are words of a name (LET_ME_IN),
 * and nothing at all inside of random ones. */
static int is_between_separators(ss_bytes word, ss_bytes rest, int is_behind)
{
    return word.len < 3 && is_behind &&
           (!rest.len || !ss_is_alnum(rest.data[0]));
}

static size_t count_digits(ss_bytes value)
{
    size_t n = 0;

    for (size_t i = 0; i < value.len; i++)
        n += (size_t)ss_is_digit(value.data[i]);
    return n;
}

int ss_is_wordy(ss_bytes value)
{
    size_t n_letters = 0, n_wordy = 0, n_digits = count_digits(value);
    ss_bytes word;
    ss_word_kind kind;
    int is_behind = 1; /* a separator, or the start */

    if (n_digits * 4 > value.len)
        return 0;
    for (kind = ss_word_next(&value, &word); kind != SS_WORD_END;
         kind = ss_word_next(&value, &word)) {
        if (kind == SS_WORD_LETTERS &&
            !is_between_separators(word, value, is_behind)) {
            n_letters += word.len;
            if (word.len >= 3 && ss_is_wordlike(word))
                n_wordy += word.len;
        }
        is_behind = kind == SS_WORD_OTHER;
    }
    /* Without a digit half is enough: nextIdx, tinymce-url-history. */
    return n_letters > 0 && n_wordy * 10 >= n_letters * (n_digits ? 7 : 5);
}

size_t ss_text_in_base64(uint8_t out[SS_BASE64_TEXT], ss_bytes value)
{
    size_t len;

    if (value.len < 8 || value.len > 128 || value.len % 4)
        return SIZE_MAX;
    len = ss_unbase64(out, SS_BASE64_TEXT, value);
    if (len == SIZE_MAX)
        return SIZE_MAX;
    while (len > 0 && out[len - 1] == '\n')
        len--;
    for (size_t i = 0; i < len; i++) {
        if (out[i] < ' ' || out[i] >= 0x7f)
            return SIZE_MAX;
    }
    return len;
}

/* THE_NAME_OF_SOMETHING */
static int is_constant(ss_bytes s)
{
    size_t n_underscores = 0;

    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == '_')
            n_underscores++;
        else if (s.data[i] < 'A' || s.data[i] > 'Z')
            return 0;
    }
    return n_underscores > 0 && n_underscores * 12 >= s.len;
}

static int has(ss_bytes s, const char *text)
{
    return ss_bytes_find_nocase(s, ss_bytes_str(text)) != SIZE_MAX;
}

static size_t count_byte(ss_bytes s, uint8_t c)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += s.data[i] == c;
    return n;
}

static int has_byte(ss_bytes s, uint8_t c)
{
    return s.len && memchr(s.data, c, s.len) != NULL;
}

static int has_any_of(ss_bytes s, const char *bytes)
{
    for (; *bytes; bytes++) {
        if (has_byte(s, (uint8_t)*bytes))
            return 1;
    }
    return 0;
}

/* How values of other kinds start. */
static const char *const known_starts[] = {
    "ssh-",
    "ecdsa-",
    "aaaab3nza",
    "aaaac3nza",
    "aaaae2vj",
    "miibijanbgkq",
    "migfma0gcsq",
    "mfkwewyhkozi",
    "mcowbqydk2vw",
    "ivborw0kggo",
    "r0lgod",
    "/9j/4aaq",
    "phn2zy",
    "data:",
    "hmac-sha256:",
    "aws4-hmac-",
    "sha1-",
    "sha256-",
    "sha384-",
    "sha512-",
    "sha1:",
    "sha256:",
    "sha512:",
    "md5:",
    "$2a$",
    "$2b$",
    "$2y$",
    "$1$",
    "$5$",
    "$6$",
    "$argon2",
    "$apr1$",
    "pbkdf2",
    "bcrypt",
    "scrypt:",
    "{ssha",
    "{sha",
    "{crypt}",
    "urn:",
    "mailto:",
    "tel:",
    "arn:",
    "projects/",
    "refs/",
    "origin/",
    "application/",
    "text/",
    "image/",
    "audio/",
    "video/",
    "charset=",
    "rgb(",
    "rgba(",
    "&lt;",
    "@",
    "http:",
    "https:",
};

static int has_known_start(ss_bytes s)
{
    const char first = (char)ss_lower(s.data[0]);

    for (size_t i = 0; i < N_OF(known_starts); i++) {
        if (known_starts[i][0] == first &&
            ss_bytes_starts_nocase(s, known_starts[i]))
            return 1;
    }
    return 0;
}

/* /usr/lib, ./x, ~/x, C:\x, a/b/c where the parts are words. Base64 has
 * slashes too, between letters that make no words. */
static int is_path(ss_bytes s)
{
    if (ss_bytes_starts(s, "./") || ss_bytes_starts(s, "../") ||
        ss_bytes_starts(s, "~/") || ss_bytes_starts(s, "\\\\") || has(s, "://"))
        return 1;
    if (s.len > 3 && s.data[1] == ':' &&
        (s.data[2] == '\\' || s.data[2] == '/'))
        return 1;
    if (s.data[0] == '/' && count_byte(s, '/') >= 2 && !has_byte(s, '+') &&
        !has_byte(s, '='))
        return ss_is_wordy(s) || s.len < 20;
    return (has_byte(s, '/') || has_byte(s, '\\')) && ss_is_wordy(s);
}

/* name.ext */
static int is_file_name(ss_bytes s)
{
    static const char *const extensions[] = {
        "7z",   "bak",  "bin",   "c",        "cc",         "cer",   "cert",
        "cfg",  "cnf",  "conf",  "config",   "cpp",        "crt",   "cs",
        "css",  "csv",  "dat",   "db",       "der",        "dll",   "doc",
        "env",  "erb",  "exe",   "gif",      "go",         "gpg",   "gz",
        "h",    "hpp",  "htm",   "html",     "ico",        "ini",   "jar",
        "java", "jks",  "jpeg",  "jpg",      "js",         "json",  "jsp",
        "jsx",  "kdbx", "key",   "keystore", "kt",         "ldb",   "log",
        "lua",  "md",   "mjs",   "p12",      "p8",         "pdf",   "pem",
        "pfx",  "php",  "pl",    "png",      "properties", "proto", "ps1",
        "pub",  "py",   "rb",    "rs",       "scss",       "sh",    "so",
        "sql",  "svg",  "swift", "tar",      "tf",         "tgz",   "tmpl",
        "toml", "ts",   "tsx",   "ttf",      "txt",        "vue",   "war",
        "woff", "xls",  "xml",   "yaml",     "yml",        "zip",
    };
    size_t dot = s.len;

    while (dot > 0 && s.data[dot - 1] != '.')
        dot--;
    return dot > 1 && ss_word_in((ss_bytes){s.data + dot, s.len - dot},
                                 extensions, N_OF(extensions));
}

/* 1.2.3, 2024-01-01T00:00:00Z, 10.0.0.1:80, 1,000, 3.14: digits and what
 * stands between them, with at most one letter beside. */
static int is_number(ss_bytes s)
{
    size_t n_letters = 0, n_separators = 0;

    for (size_t i = 0; i < s.len; i++) {
        if (ss_is_alpha(s.data[i]))
            n_letters++;
        else if (memchr(".,:-/+_ ", s.data[i], 8) ||
                 (i == 0 && memchr("^~", s.data[i], 2))) /* ^1.0.0 */
            n_separators++;
        else if (!ss_is_digit(s.data[i]))
            return 0;
    }
    return n_separators > 0 && n_letters <= 2 && s.len < 40;
}

/* user@host.tld, with nothing of a password about the user. */
static int is_address(ss_bytes s)
{
    size_t at = 0;

    if (count_byte(s, '@') != 1 || !has_byte(s, '.'))
        return 0;
    while (s.data[at] != '@')
        at++;
    for (size_t i = 0; i < s.len; i++) {
        if (i != at && !ss_is_alnum(s.data[i]) && !memchr(".-_+", s.data[i], 4))
            return 0;
    }
    return at > 0 && has_byte((ss_bytes){s.data + at, s.len - at}, '.') &&
           ss_is_alpha(s.data[s.len - 1]);
}

/* a.b.c, a::b, a->b with parts that names are made of. */
static int is_dotted_name(ss_bytes s)
{
    if (!has_byte(s, '.') && !has(s, "::") && !has(s, "->"))
        return 0;
    for (size_t i = 0; i < s.len; i++) {
        if (!ss_is_alnum(s.data[i]) && !memchr("._-:>$*", s.data[i], 7))
            return 0;
    }
    return ss_is_wordy(s);
}

/* Anchors, classes and groups of regular expressions. */
static int is_regex(ss_bytes s)
{
    if (!has_any_of(s, "\\[(.^"))
        return 0;
    return has(s, "\\d") || has(s, "\\w") || has(s, "\\s") || has(s, "[a-z") ||
           has(s, "[0-9") || has(s, "(?:") || has(s, "(?i") || has(s, ".*") ||
           has(s, ".+") || has(s, "[^") ||
           (s.data[0] == '^' && s.data[s.len - 1] == '$');
}

static int is_markup(ss_bytes s)
{
    if (!has_any_of(s, "\\</&"))
        return 0;
    return has(s, "</") || has(s, "/>") || has(s, "&nbsp;") ||
           has(s, "&amp;") || has(s, "&quot;") || has(s, "\\n") ||
           has(s, "\\t") || has(s, "\\u") || has(s, "\\x");
}

/* 0x...: an address or a flag, below the length of a private key. */
static int is_hex_number(ss_bytes s)
{
    return s.len < 50 && s.data[0] == '0' && s.len > 2 && s.data[1] == 'x' &&
           ss_is_hex((ss_bytes){s.data + 2, s.len - 2});
}

static int is_colour(ss_bytes s)
{
    return s.data[0] == '#' && (s.len == 4 || s.len == 7 || s.len == 9) &&
           ss_is_hex((ss_bytes){s.data + 1, s.len - 1});
}

/* base64, UTF-8, HS256, aes-256-gcm. */
static int is_algorithm(ss_bytes s)
{
    static const char *const names[] = {
        "aes",      "ascii",  "base32", "base64",      "blake2", "camellia",
        "chacha20", "des3",   "ecdsa",  "ed25519",     "es256",  "es384",
        "es512",    "hmac",   "hs256",  "hs384",       "hs512",  "iso-8859",
        "iso8859",  "latin1", "md4",    "md5",         "oauth",  "pkcs",
        "ps256",    "rc4",    "rs256",  "rs384",       "rs512",  "rsa",
        "sha",      "ssl",    "tls",    "ucs",         "utf-16", "utf-8",
        "utf16",    "utf32",  "utf8",   "windows-125", "x509",   "x25519",
    };

    if (s.len > 20)
        return 0;
    for (size_t i = 0; i < N_OF(names); i++) {
        size_t len = strlen(names[i]);

        if (ss_bytes_starts_nocase(s, names[i]) &&
            (s.len == len || !ss_is_alpha(s.data[len])) && s.len <= len + 12)
            return 1;
    }
    return ss_bytes_equal(s, ss_bytes_str("base64url"));
}

/* A sealed secret of Kubernetes: the length of an RSA key, and what was
 * encrypted with it. */
static int is_sealed(ss_bytes s)
{
    if (s.len < 350 || s.data[0] != 'A' ||
        (s.data[1] != 'g' && s.data[1] != 'Q'))
        return 0;
    for (size_t i = 0; i < s.len; i++) {
        if (!ss_is_alnum(s.data[i]) && !memchr("+/=", s.data[i], 3))
            return 0;
    }
    return s.data[2] >= 'A' && s.data[2] <= 'D';
}

int ss_is_known_form(ss_bytes value)
{
    return value.len == 0 || has_known_start(value) || is_path(value) ||
           is_file_name(value) || is_number(value) || is_address(value) ||
           is_dotted_name(value) || is_regex(value) || is_markup(value) ||
           is_colour(value) || is_hex_number(value) || is_constant(value) ||
           is_algorithm(value) || is_sealed(value) ||
           (value.data[0] == '{' && value.data[value.len - 1] == '}');
}

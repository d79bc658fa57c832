/*
 * word.c: words inside of names and values.
 */
#include "scan/word.h"

#include "scan/word_table.h"

static int is_lower(uint8_t c)
{
    return c >= 'a' && c <= 'z';
}

static ss_word_kind kind_of(uint8_t c)
{
    if (ss_is_alpha(c))
        return SS_WORD_LETTERS;
    return ss_is_digit(c) ? SS_WORD_DIGITS : SS_WORD_OTHER;
}

/* aB ends a word behind a; ABc ends one behind A. */
static int is_hump(ss_bytes s, size_t i)
{
    if (is_lower(s.data[i]))
        return 0;
    return is_lower(s.data[i - 1]) ||
           (i > 1 && i + 1 < s.len && is_lower(s.data[i + 1]));
}

static size_t letters_at(ss_bytes s)
{
    size_t len = 1;

    while (len < s.len && ss_is_alpha(s.data[len]) && !is_hump(s, len))
        len++;
    return len;
}

static size_t others_at(ss_bytes s, ss_word_kind kind)
{
    size_t len = 1;

    while (len < s.len && kind_of(s.data[len]) == kind)
        len++;
    return len;
}

ss_word_kind ss_word_next(ss_bytes *rest, ss_bytes *word)
{
    ss_word_kind kind;
    size_t len;

    if (!rest->len)
        return SS_WORD_END;
    kind = kind_of(rest->data[0]);
    len = kind == SS_WORD_LETTERS ? letters_at(*rest) : others_at(*rest, kind);
    *word = (ss_bytes){rest->data, len};
    rest->data += len;
    rest->len -= len;
    return kind;
}

/* clang-format off */
/* Common words of rare triples. */
static const char *const odd_words[] = {
    "always", "anyway", "api", "app", "argv", "aws", "beyond", "bool", "csrf",
    "css", "div", "dns", "elseif", "envvar", "ftp", "gpg", "gui", "html",
    "http", "https", "idp", "idx", "ifdef", "img", "jpg", "js", "json", "jwt",
    "kafka", "lazily", "maybe", "max", "mozilla", "mysql", "nodejs", "noqa",
    "oauth", "obj", "odoo", "opaque", "org", "outgoing", "passwd", "pdf",
    "pkcs", "png", "pubkey", "pwd", "query", "redux", "regex", "rgb", "rpc",
    "saml", "sdk", "sha", "smtp", "sodium", "sql", "sqrt", "src", "ssh", "ssl",
    "strdup", "svg", "tcp", "tls", "txt", "udp", "uid", "uri", "url", "usb",
    "utf", "uuid", "vpn", "vue", "www", "xml", "xmlns", "xsrf", "zip",
};
/* clang-format on */

size_t ss_rare_triples(ss_bytes letters)
{
    size_t n_rare = 0;

    for (size_t i = 0; i + 2 < letters.len; i++) {
        unsigned a = ss_lower(letters.data[i]) - 'a';
        unsigned b = ss_lower(letters.data[i + 1]) - 'a';
        unsigned c = ss_lower(letters.data[i + 2]) - 'a';

        if (a > 25 || b > 25 || c > 25 ||
            !(frequent_triples[a * 26 + b] >> c & 1))
            n_rare++;
    }
    return n_rare;
}

/* A third of the triples may be rare (one more in a long word): 98 of 100
 * common words pass so, and 5 of 100 strings of random letters. */
int ss_is_wordlike(ss_bytes letters)
{
    size_t n_rare = ss_rare_triples(letters), n_spare;

    if (letters.len < 3)
        return 1;
    n_spare = letters.len < 7 ? 0 : 1;
    return n_rare * 3 <= letters.len - 2 + n_spare ||
           ss_word_in(letters, odd_words,
                      sizeof(odd_words) / sizeof(odd_words[0]));
}

static int compare_word(ss_bytes word, const char *entry)
{
    size_t i = 0;

    for (; i < word.len && entry[i]; i++) {
        int order = ss_lower(word.data[i]) - (uint8_t)entry[i];

        if (order)
            return order;
    }
    if (i < word.len)
        return 1;
    return entry[i] ? -1 : 0;
}

int ss_word_in(ss_bytes word, const char *const *table, size_t n)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_word(word, table[middle]);

        if (order == 0)
            return 1;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return 0;
}

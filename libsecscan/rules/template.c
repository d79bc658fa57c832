/*
 * template.c: placeholders to made-up values. Everything that is not a
 * placeholder of template.h is literal, so that code can be written as it is.
 */
#include "rules/template.h"

#include "rules/template_form.h"

#define MAX_COUNT 65536u
#define MAX_DEPTH 4
#define MAX_PLACEHOLDER ((size_t)8 << 10) /* from brace to brace */
#define MAX_NESTED ((size_t)1 << 20)

#define DIGITS "0123456789"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define BASE62 DIGITS UPPER LOWER

typedef struct alphabet {
    const char *name;
    const char *letters;
} alphabet;

static const alphabet alphabets[] = {
    {"base58", "123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
               "abcdefghijkmnopqrstuvwxyz"},
    {"base62", BASE62},
    {"alnum", BASE62},
    {"base64", UPPER LOWER DIGITS "+/"},
    {"base64url", UPPER LOWER DIGITS "-_"},
    {"hex", DIGITS "abcdef"},
    {"HEX", DIGITS "ABCDEF"},
    {"digits", DIGITS},
    {"lower", LOWER},
    {"upper", UPPER},
    {"upperalnum", UPPER DIGITS},
    {"loweralnum", LOWER DIGITS},
    {"base32", UPPER "234567"},
    {"base32lower", LOWER "234567"},
};

static const char *const words[] = {
    "river",  "stone",  "garden",  "window", "silver", "orange", "market",
    "letter", "winter", "bridge",  "copper", "forest", "ladder", "meadow",
    "needle", "ocean",  "pepper",  "quiet",  "rabbit", "summer", "table",
    "umber",  "valley", "wagon",   "yellow", "anchor", "basket", "candle",
    "desert", "engine", "feather", "glove",
};
#define N_WORDS (uint32_t)(sizeof(words) / sizeof(*words))

/* One run over a template. */
typedef struct run {
    ss_buf *out;
    ss_prng prng;
    size_t last; /* where the expansion of the last placeholder starts */
    size_t end;  /* and ends */
    int depth;
} run;

static void expand(run *r, ss_bytes text);

static int is(ss_bytes s, const char *word)
{
    return ss_bytes_equal(s, ss_bytes_str(word));
}

#define NO_COUNT UINT32_MAX

/* NO_COUNT when it is not a count. */
static uint32_t read_count(ss_bytes s)
{
    uint32_t n = 0;

    if (s.len == 0 || s.len > 6)
        return NO_COUNT;
    for (size_t i = 0; i < s.len; i++) {
        if (!ss_is_digit(s.data[i]))
            return NO_COUNT;
        n = n * 10 + (uint32_t)(s.data[i] - '0');
    }
    return n <= MAX_COUNT ? n : NO_COUNT;
}

static void put_of(run *r, const char *letters, uint32_t n)
{
    uint32_t len = (uint32_t)strlen(letters);

    while (n--)
        (void)ss_buf_putc(r->out, letters[ss_prng_below(&r->prng, len)]);
}

static char one_of(run *r, const char *letters)
{
    return letters[ss_prng_below(&r->prng, (uint32_t)strlen(letters))];
}

static int put_password(run *r, uint32_t n)
{
    uint32_t at;
    uint8_t *s;

    if (n < 8)
        return 0;
    put_of(r, LOWER UPPER, 1);
    put_of(r, BASE62, n - 1);
    if (r->out->failed)
        return 1;
    s = r->out->data + r->out->len - n;
    at = 1 + ss_prng_below(&r->prng, n - 5);
    s[at] = (uint8_t)one_of(r, UPPER);
    s[at + 1] = (uint8_t)one_of(r, DIGITS);
    s[at + 2] = (uint8_t)one_of(r, "!@%^*-_");
    s[at + 3] = (uint8_t)one_of(r, LOWER);
    return 1;
}

static void put_words(run *r, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (i)
            (void)ss_buf_putc(r->out, ' ');
        (void)ss_buf_puts(r->out, words[ss_prng_below(&r->prng, N_WORDS)]);
    }
}

/* ---- checksums of the expansion before
 * --------------------------------------- */

static uint32_t crc32_add(uint32_t crc, ss_bytes s)
{
    for (size_t i = 0; i < s.len; i++) {
        crc ^= s.data[i];
        for (int k = 0; k < 8; k++)
            crc = (crc >> 1) ^ (0xedb88320u & (0u - (crc & 1)));
    }
    return crc;
}

static uint32_t crc_of_last(const run *r, const char *before)
{
    uint32_t crc = crc32_add(UINT32_MAX, ss_bytes_str(before));

    if (r->end > r->last)
        crc = crc32_add(crc,
                        ss_bytes_of(r->out->data + r->last, r->end - r->last));
    return ~crc;
}

static void put_base62(run *r, uint32_t value)
{
    static const char digits[] = BASE62;
    char text[7] = "";

    for (size_t i = 6; i-- > 0; value /= 62)
        text[i] = digits[value % 62];
    (void)ss_buf_puts(r->out, text);
}

static int put_checksum(run *r, ss_bytes name)
{
    uint32_t crc;

    if (is(name, "crc32")) {
        put_base62(r, crc_of_last(r, ""));
        return 1;
    }
    if (is(name, "crc32hex")) {
        (void)ss_buf_printf(r->out, "%08x", crc_of_last(r, ""));
        return 1;
    }
    if (!is(name, "grafana-crc"))
        return 0;
    crc = crc_of_last(r, "glsa_");
    (void)ss_buf_printf(r->out, "%02x%02x%02x%02x", crc & 255, crc >> 8 & 255,
                        crc >> 16 & 255, crc >> 24);
    return 1;
}

/* ---- placeholders
 * ---------------------------------------------------------------- */

static int put_plain(run *r, ss_bytes name)
{
    if (is(name, "uuid")) {
        ss_form_uuid(r->out, &r->prng);
        return 1;
    }
    if (is(name, "jwt")) {
        ss_form_jwt(r->out, &r->prng);
        return 1;
    }
    return put_checksum(r, name);
}

static int put_counted(run *r, ss_bytes name, uint32_t n)
{
    if (n == NO_COUNT)
        return 0;
    for (size_t i = 0; i < sizeof(alphabets) / sizeof(*alphabets); i++) {
        if (!is(name, alphabets[i].name))
            continue;
        put_of(r, alphabets[i].letters, n);
        return 1;
    }
    if (is(name, "pass"))
        return put_password(r, n);
    if (!is(name, "words"))
        return 0;
    put_words(r, n);
    return 1;
}

static int put_repeat(run *r, ss_bytes value)
{
    uint32_t n;

    if (value.len < 3 || value.data[1] != ':')
        return 0;
    n = read_count(ss_bytes_of(value.data + 2, value.len - 2));
    for (uint32_t i = 0; n != NO_COUNT && i < n; i++)
        (void)ss_buf_putc(r->out, (char)value.data[0]);
    return n != NO_COUNT;
}

static int put_nested(run *r, ss_bytes text)
{
    ss_buf inner = SS_BUF_INIT(MAX_NESTED);
    run nested = {&inner, r->prng, 0, 0, r->depth + 1};

    if (r->depth >= MAX_DEPTH)
        return 0;
    expand(&nested, text);
    r->prng = nested.prng;
    ss_form_base64(r->out, ss_buf_bytes(&inner), 0);
    r->out->failed |= inner.failed;
    ss_buf_release(&inner);
    return 1;
}

/* What stands between the braces; 0 when it is not a placeholder. */
static int put_placeholder(run *r, ss_bytes inside)
{
    const uint8_t *colon = memchr(inside.data, ':', inside.len);
    ss_bytes name = inside, value;

    if (!colon)
        return put_plain(r, inside);
    name.len = (size_t)(colon - inside.data);
    value = ss_bytes_of(colon + 1, inside.len - name.len - 1);
    if (is(name, "b64"))
        return put_nested(r, value);
    if (is(name, "repeat"))
        return put_repeat(r, value);
    if (is(name, "pem"))
        return ss_form_pem(r->out, &r->prng, value);
    return put_counted(r, name, read_count(value));
}

/* The length of `{...}` with the braces inside it paired; 0 when open. */
static size_t brace_len(ss_bytes s)
{
    size_t depth = 0;
    size_t reach = s.len < MAX_PLACEHOLDER ? s.len : MAX_PLACEHOLDER;

    for (size_t i = 0; i < reach; i++) {
        depth += s.data[i] == '{';
        depth -= s.data[i] == '}';
        if (depth == 0)
            return i + 1;
    }
    return 0;
}

/* The bytes of the template that were read. */
static size_t expand_brace(run *r, ss_bytes s)
{
    size_t len = brace_len(s);
    size_t start = r->out->len;

    if (s.len > 1 && s.data[1] == '{') {
        (void)ss_buf_putc(r->out, '{');
        return 2;
    }
    if (len > 2 && put_placeholder(r, ss_bytes_of(s.data + 1, len - 2))) {
        r->last = start;
        r->end = r->out->len;
        return len;
    }
    (void)ss_buf_putc(r->out, '{');
    return 1;
}

static void expand(run *r, ss_bytes text)
{
    size_t at = 0;

    while (at < text.len && !r->out->failed) {
        if (text.data[at] == '{') {
            at += expand_brace(r, ss_bytes_of(text.data + at, text.len - at));
        } else {
            (void)ss_buf_putc(r->out, (char)text.data[at]);
            at++;
        }
    }
}

int ss_template_expand(ss_buf *out, ss_bytes text, uint64_t seed)
{
    run r = {out, {seed}, out->len, out->len, 0};

    expand(&r, text);
    return out->failed ? -1 : 0;
}

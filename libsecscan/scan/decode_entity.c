/*
 * decode_entity.c: character references of HTML and XML: &#61; &#x3d; and the
 * named ones that stand for ASCII.
 */
#include "scan/marked.h"

#define MAX_NAME 8u
#define MAX_DIGITS 8u
#define MIN_VALUE 6u /* of an element */
#define MAX_VALUE 4096u

static const struct {
    char name[MAX_NAME + 1];
    uint16_t c;
} entities[] = {
    {"amp", '&'},       {"lt", '<'},      {"gt", '>'},     {"quot", '"'},
    {"apos", '\''},     {"nbsp", 0xa0},   {"sol", '/'},    {"bsol", '\\'},
    {"plus", '+'},      {"equals", '='},  {"colon", ':'},  {"semi", ';'},
    {"comma", ','},     {"period", '.'},  {"commat", '@'}, {"num", '#'},
    {"dollar", '$'},    {"percnt", '%'},  {"lowbar", '_'}, {"UnderBar", '_'},
    {"excl", '!'},      {"quest", '?'},   {"ast", '*'},    {"midast", '*'},
    {"lpar", '('},      {"rpar", ')'},    {"lsqb", '['},   {"lbrack", '['},
    {"rsqb", ']'},      {"rbrack", ']'},  {"lcub", '{'},   {"lbrace", '{'},
    {"rcub", '}'},      {"rbrace", '}'},  {"verbar", '|'}, {"vert", '|'},
    {"Hat", '^'},       {"grave", '`'},   {"Tab", '\t'},   {"NewLine", '\n'},
    {"hyphen", 0x2010}, {"dash", 0x2010}, {"AMP", '&'},    {"LT", '<'},
    {"GT", '>'},        {"QUOT", '"'},
};

static void read_name(ss_bytes text, size_t at, ss_marked *out)
{
    size_t n = 0;

    while (n <= MAX_NAME && n < text.len - at - 1 &&
           ss_is_alpha(text.data[at + 1 + n]))
        n++;
    if (n < 2 || n > MAX_NAME || n == text.len - at - 1 ||
        text.data[at + 1 + n] != ';')
        return;
    for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
        if (entities[i].name[n] == '\0' &&
            !memcmp(entities[i].name, text.data + at + 1, n)) {
            ss_marked_set(out, n + 2, entities[i].c);
            return;
        }
    }
}

static uint32_t digit_of(uint8_t c, uint32_t base)
{
    if (base == 16)
        return ss_marked_hex((ss_bytes){&c, 1}, 0, 1);
    return ss_is_digit(c) ? (uint32_t)(c - '0') : UINT32_MAX;
}

/* The digits begin at `first`, behind &# or &#x. */
static void read_number(ss_bytes text, size_t at, size_t first, uint32_t base,
                        ss_marked *out)
{
    uint32_t c = 0;
    size_t i;

    for (i = first; i < text.len && i - first < MAX_DIGITS; i++) {
        uint32_t digit = digit_of(text.data[i], base);

        if (digit == UINT32_MAX)
            break;
        c = c * base + digit;
    }
    if (i > first && i < text.len && text.data[i] == ';')
        ss_marked_set(out, i + 1 - at, c);
}

static void read_entity(ss_bytes text, size_t at, ss_marked *out)
{
    if (text.len - at < 4)
        return;
    if (text.data[at + 1] != '#')
        read_name(text, at, out);
    else if (ss_lower(text.data[at + 2]) == 'x')
        read_number(text, at, at + 3, 16, out);
    else
        read_number(text, at, at + 2, 10, out);
}

static const ss_marking marking = {'&', read_entity};

/* ---- what is worth it: prose and code are full of < > & and quotes ---- */

static int is_token_at(ss_bytes text, size_t at)
{
    return at < text.len && ss_is_token_byte(text.data[at]);
}

static int is_alnum_at(ss_bytes text, size_t at)
{
    return at < text.len && ss_is_alnum(text.data[at]);
}

/* A value in an element that is text itself: &lt;name&gt;value&lt; */
static int is_element(ss_bytes text, size_t at)
{
    ss_bytes rest;
    size_t from;

    while (is_token_at(text, at))
        at++;
    rest = (ss_bytes){text.data + at, text.len - at};
    if (!ss_bytes_starts(rest, "&gt;"))
        return 0;
    from = at + 4;
    for (at = from; at < text.len && at - from < MAX_VALUE; at++) {
        if (text.data[at] == '&' || !ss_is_graphic(text.data[at]))
            break;
    }
    return at - from >= MIN_VALUE && at < text.len && text.data[at] == '&';
}

/* A quote that opens: no apostrophe, and nothing alone. */
static int is_opening(ss_bytes text, size_t at, size_t end)
{
    return !(at && is_alnum_at(text, at - 1)) && end < text.len &&
           ss_is_graphic(text.data[end]) &&
           !memchr("'\"`),;<", text.data[end], 7);
}

/* A name and a semicolon: &amp;quot; */
static int is_twice(ss_bytes text, size_t at)
{
    size_t from = at;

    while (at - from <= MAX_NAME && is_alnum_at(text, at))
        at++;
    return at > from && at < text.len && text.data[at] == ';';
}

static int is_start(ss_bytes text, size_t at, const ss_marked *marked)
{
    size_t end = at + marked->len;

    switch (marked->bytes[0]) {
    case '>':
        return 0;
    case '<':
        return is_element(text, end);
    case '"':
    case '\'':
        return is_opening(text, at, end);
    case '&': /* in a value, or before what is escaped twice */
        return (at && is_token_at(text, at - 1) && is_token_at(text, end)) ||
               (end < text.len && text.data[end] == '#') || is_twice(text, end);
    default:
        return 1;
    }
}

static int find(ss_bytes text, size_t low, size_t at, ss_region *out)
{
    ss_marked marked = {0};

    (void)low;
    read_entity(text, at, &marked);
    if (!marked.is_worth)
        return 0;
    if (!is_start(text, at, &marked))
        return marked.bytes[0] == '<' ? SS_DECODE_FAR : 0;
    ss_marked_find(&marking, text, at, out);
    return 1;
}

static int decode(ss_bytes in, ss_buf *out)
{
    return ss_marked_decode(&marking, in, out);
}

static size_t locate(ss_bytes in, size_t at)
{
    return ss_marked_locate(&marking, in, at);
}

const ss_decoder ss_decoder_entity = {SS_ENCODING_ENTITY, find, decode, locate};

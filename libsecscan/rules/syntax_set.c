/*
 * syntax_set.c: the spellings of one byte in a PCRE2 pattern: escapes, classes,
 * POSIX names. Everything becomes a set of bytes.
 */
#include "rules/syntax_scan.h"

typedef struct named_set {
    const char *name;
    const char *ranges; /* pairs: from, to; length by the NUL of the literal */
} named_set;

int ss_syntax_fail(ss_syntax_scan *scan, size_t at, const char *what)
{
    int rc =
        ss_fail(scan->err, SECSCAN_ERR_RULE, "regular expression: %s", what);

    if (scan->err)
        scan->err->column = (uint32_t)at + 1;
    return rc;
}

void ss_byte_set_all(ss_byte_set *set)
{
    memset(set->bits, 0xff, sizeof(set->bits));
}

int ss_byte_set_single(const ss_byte_set *set)
{
    int found = -1;

    for (int i = 0; i < 4; i++) {
        uint64_t bits = set->bits[i];

        if (bits == 0)
            continue;
        if (found >= 0 || (bits & (bits - 1)))
            return -1;
        found = 64 * i + __builtin_ctzll(bits);
    }
    return found;
}

static void add_range(ss_byte_set *set, unsigned from, unsigned to)
{
    for (unsigned c = from; c <= to; c++)
        ss_byte_set_add(set, c);
}

static void negate(ss_byte_set *set)
{
    for (size_t i = 0; i < 4; i++)
        set->bits[i] = ~set->bits[i];
}

static void add_set(ss_byte_set *set, const ss_byte_set *more)
{
    for (size_t i = 0; i < 4; i++)
        set->bits[i] |= more->bits[i];
}

/* ASCII only, as PCRE2's own tables do. */
void ss_byte_set_fold(ss_byte_set *set)
{
    for (unsigned c = 'a'; c <= 'z'; c++) {
        if (ss_byte_set_has(set, c) || ss_byte_set_has(set, c - 32)) {
            ss_byte_set_add(set, c);
            ss_byte_set_add(set, c - 32);
        }
    }
}

static void add_ranges(ss_byte_set *set, const char *ranges)
{
    for (; ranges[0]; ranges += 2)
        add_range(set, (uint8_t)ranges[0], (uint8_t)ranges[1]);
}

static const named_set posix_sets[] = {
    {"alpha", "azAZ"},     {"digit", "09"},
    {"alnum", "azAZ09"},   {"upper", "AZ"},
    {"lower", "az"},       {"word", "azAZ09__"},
    {"xdigit", "09afAF"},  {"space", "\t\r  "},
    {"blank", "\t\t  "},   {"cntrl", "\x01\x1f\x7f\x7f"}, /* and NUL, below */
    {"graph", "!~"},       {"print", " ~"},
    {"punct", "!/:@[`{~"}, {"ascii", "\x01\x7f"}, /* and NUL, below */
};

/* The sets of one-letter escapes; the capital is the complement. */
static const char *letter_ranges(uint8_t letter)
{
    switch (letter) {
    case 'd':
        return "09";
    case 'w':
        return "azAZ09__";
    case 's':
        return "\t\r  ";
    case 'h':
        return "\t\t  \xa0\xa0";
    case 'v':
        return "\n\r\x85\x85";
    default:
        return NULL;
    }
}

static int letter_set(ss_byte_set *out, uint8_t letter)
{
    const char *ranges = letter_ranges(ss_lower(letter));

    if (letter == 'N') {
        ss_byte_set_add(out, '\n');
        negate(out);
        return 1;
    }
    if (!ranges)
        return 0;
    add_ranges(out, ranges);
    if (letter < 'a')
        negate(out);
    return 1;
}

static int hex_value(uint8_t c)
{
    if (ss_is_digit(c))
        return c - '0';
    c = ss_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int digits_of(ss_syntax_scan *scan, int base, size_t max, unsigned *out)
{
    unsigned value = 0;

    for (size_t n = 0; n < max; n++) {
        int digit = hex_value(scan->text[scan->at]);

        if (digit < 0 || digit >= base)
            break;
        value = value * (unsigned)base + (unsigned)digit;
        scan->at++;
        if (value > 255)
            return ss_syntax_fail(scan, scan->at - 1,
                                  "a character above 255 (patterns are bytes)");
    }
    *out = value;
    return 0;
}

static int braced_digits(ss_syntax_scan *scan, int base, unsigned *out)
{
    int rc;

    scan->at++;
    rc = digits_of(scan, base, 12, out);
    if (rc)
        return rc;
    if (scan->text[scan->at] != '}')
        return ss_syntax_fail(scan, scan->at, "a number in braces has no end");
    scan->at++;
    return 0;
}

/* \x, \o, \c and octal, the position on the letter or digit. */
static int number_escape(ss_syntax_scan *scan, unsigned *out)
{
    uint8_t letter = scan->text[scan->at];

    if (ss_is_digit(letter))
        return digits_of(scan, 8, 3, out);
    scan->at++;
    if (letter == 'c') {
        uint8_t c = scan->text[scan->at];

        if (c < 32 || c > 126)
            return ss_syntax_fail(scan, scan->at, "\\c needs a character");
        scan->at++;
        *out = (unsigned)(c >= 'a' && c <= 'z' ? c - 32 : c) ^ 64u;
        return 0;
    }
    if (scan->text[scan->at] == '{')
        return braced_digits(scan, letter == 'o' ? 8 : 16, out);
    if (letter == 'o')
        return ss_syntax_fail(scan, scan->at, "\\o needs braces");
    return digits_of(scan, 16, 2, out);
}

static int control_escape(uint8_t letter)
{
    static const char letters[] = "aefnrt";
    static const uint8_t values[] = {7, 27, 12, 10, 13, 9};
    const char *found = letter ? strchr(letters, letter) : NULL;

    return found ? values[found - letters] : -1;
}

/* \p{Name} and \pL: bytes above 127 count as Latin-1 there; any byte is a
 * set that is never too small. */
static int property_escape(ss_syntax_scan *scan, ss_byte_set *out)
{
    scan->at++;
    if (scan->text[scan->at] == '{') {
        while (scan->text[scan->at] && scan->text[scan->at] != '}')
            scan->at++;
    }
    if (!scan->text[scan->at])
        return ss_syntax_fail(scan, scan->at, "\\p has no end");
    scan->at++;
    ss_byte_set_all(out);
    return 0;
}

static int is_number_escape(uint8_t c)
{
    return c == 'x' || c == 'o' || c == 'c' || (c >= '0' && c <= '7');
}

int ss_syntax_escape(ss_syntax_scan *scan, ss_byte_set *out, int *is_known)
{
    uint8_t c = scan->text[scan->at];
    unsigned value = 0;
    int rc = 0;

    *is_known = 1;
    memset(out, 0, sizeof(*out));
    if (!c)
        return ss_syntax_fail(scan, scan->at, "a backslash ends it");
    if (c == 'p' || c == 'P')
        return property_escape(scan, out);
    if (is_number_escape(c)) {
        rc = number_escape(scan, &value);
        ss_byte_set_add(out, value);
        return rc;
    }
    if (letter_set(out, c) || c == 'C') {
        if (c == 'C')
            ss_byte_set_all(out);
    } else if (control_escape(c) >= 0) {
        ss_byte_set_add(out, (unsigned)control_escape(c));
    } else if (!ss_is_alnum(c)) {
        ss_byte_set_add(out, c);
    } else {
        *is_known = 0;
        return 0;
    }
    scan->at++;
    return 0;
}

static int add_posix(ss_syntax_scan *scan, ss_byte_set *out, size_t name_at,
                     size_t len)
{
    const char *name = (const char *)scan->text + name_at;
    int is_negated = *name == '^';
    ss_byte_set set = {{0}};

    name += is_negated;
    len -= (size_t)is_negated;
    for (size_t i = 0; i < sizeof(posix_sets) / sizeof(*posix_sets); i++) {
        const named_set *row = &posix_sets[i];

        if (strlen(row->name) != len || memcmp(row->name, name, len) != 0)
            continue;
        add_ranges(&set, row->ranges);
        if (row->ranges[0] == 1)
            ss_byte_set_add(&set, 0);
        if (is_negated)
            negate(&set);
        add_set(out, &set);
        return 0;
    }
    return ss_syntax_fail(scan, name_at, "no such class as this [:name:]");
}

/* Is there a [:name:] here? Its length with brackets, 0 when not. */
static size_t posix_len(const uint8_t *s)
{
    size_t n = 2;

    if (s[0] != '[' || s[1] != ':')
        return 0;
    while (ss_is_alpha(s[n]) || (n == 2 && s[n] == '^') || s[n] == '<' ||
           s[n] == '>')
        n++;
    return s[n] == ':' && s[n + 1] == ']' ? n + 2 : 0;
}

/* One member of a class. *single is its byte, or -1 for a set. */
static int class_member(ss_syntax_scan *scan, ss_byte_set *set, int *single)
{
    size_t start = scan->at;
    int is_known;
    int rc;

    memset(set, 0, sizeof(*set));
    *single = scan->text[scan->at++];
    if (*single != '\\') {
        ss_byte_set_add(set, (unsigned)*single);
        return 0;
    }
    if (scan->text[scan->at] == 'b') {
        scan->at++;
        *single = 8;
        ss_byte_set_add(set, 8);
        return 0;
    }
    rc = ss_syntax_escape(scan, set, &is_known);
    if (rc)
        return rc;
    if (!is_known || scan->text[start + 1] == 'R')
        return ss_syntax_fail(scan, start, "no such escape in a class");
    *single = ss_byte_set_single(set);
    return 0;
}

static int add_member(ss_syntax_scan *scan, ss_byte_set *out)
{
    const uint8_t *s = scan->text;
    size_t start = scan->at;
    ss_byte_set set;
    int from, to;
    int rc;

    rc = class_member(scan, &set, &from);
    if (rc)
        return rc;
    if (from < 0 || s[scan->at] != '-' || s[scan->at + 1] == ']' ||
        !s[scan->at + 1] || posix_len(s + scan->at + 1)) {
        add_set(out, &set);
        return 0;
    }
    scan->at++;
    rc = class_member(scan, &set, &to);
    if (rc)
        return rc;
    if (to < from)
        return ss_syntax_fail(scan, start, "a range in a class runs backwards");
    add_range(out, (unsigned)from, (unsigned)to);
    return 0;
}

/* \Q...\E in a class: literal members. */
static int add_quoted(ss_syntax_scan *scan, ss_byte_set *out)
{
    scan->at += 2;
    while (scan->text[scan->at]) {
        if (scan->text[scan->at] == '\\' && scan->text[scan->at + 1] == 'E') {
            scan->at += 2;
            return 0;
        }
        ss_byte_set_add(out, scan->text[scan->at++]);
    }
    return 0;
}

static int class_step(ss_syntax_scan *scan, ss_byte_set *out, int *is_vague)
{
    const uint8_t *s = scan->text + scan->at;
    size_t len = posix_len(s);
    int rc;

    if (len) {
        rc = add_posix(scan, out, scan->at + 2, len - 4);
        scan->at += len;
        return rc;
    }
    if (s[0] == '\\' && s[1] == 'Q')
        return add_quoted(scan, out);
    if (s[0] == '\\' && s[1] == 'E') {
        scan->at += 2;
        return 0;
    }
    if (s[0] == '\\' && (s[1] == 'p' || s[1] == 'P'))
        *is_vague = 1;
    return add_member(scan, out);
}

int ss_syntax_class(ss_syntax_scan *scan, ss_byte_set *out, int is_caseless)
{
    size_t start = scan->at;
    int is_negated = scan->text[scan->at] == '^';
    int is_vague = 0; /* holds \p: its complement is not known */
    int rc;

    memset(out, 0, sizeof(*out));
    scan->at += (size_t)is_negated;
    if (scan->text[scan->at] == ']') { /* the first one is literal */
        rc = add_member(scan, out);
        if (rc)
            return rc;
    }
    while (scan->text[scan->at] != ']') {
        if (!scan->text[scan->at])
            return ss_syntax_fail(scan, start - 1, "a class has no end");
        rc = class_step(scan, out, &is_vague);
        if (rc)
            return rc;
    }
    scan->at++;
    if (is_caseless)
        ss_byte_set_fold(out);
    if (is_negated)
        negate(out);
    if (is_vague)
        ss_byte_set_all(out);
    return 0;
}

/*
 * git_header.c: blank what a header always has, keep the rest.
 */
#include "git_header.h"

#define MIN_ARMOUR 60u /* characters of a full line of a signature */

typedef struct header {
    ss_buf *out; /* a copy of the header, or empty until it is needed */
    ss_bytes object;
    size_t id_len;
    int n_authors, n_committers, n_taggers;
    int is_signature;
    int has_rest;
} header;

/* Every byte that starts a character becomes a space: columns stay. */
static void blank(const header *h, ss_bytes part)
{
    uint8_t *at = h->out->data + (part.data - h->object.data);

    for (size_t i = 0; i < part.len; i++) {
        if ((at[i] & 0xc0) != 0x80)
            at[i] = ' ';
    }
}

static int is_date(ss_bytes s)
{
    size_t i = 0, digits = 0;

    while (i < s.len && s.data[i] == ' ')
        i++;
    while (i < s.len && ss_is_digit(s.data[i])) {
        i++;
        digits++;
    }
    if (!digits || digits > 12 || s.len - i != 6 || s.data[i] != ' ' ||
        (s.data[i + 1] != '+' && s.data[i + 1] != '-'))
        return 0;
    for (i += 2; i < s.len; i++) {
        if (!ss_is_digit(s.data[i]))
            return 0;
    }
    return 1;
}

/* How much of "name <mail> date" is scanned as a person, or is a date. */
static size_t ident_len(ss_bytes line, size_t name_len)
{
    ss_bytes value = {line.data + name_len, line.len - name_len};
    ss_git_ident ident;
    size_t len;

    ss_git_ident_parse(&ident, value);
    if (!ident.whole.len)
        return name_len;
    len = (size_t)(ident.whole.data - line.data) + ident.whole.len;
    value = (ss_bytes){line.data + len, line.len - len};
    return is_date(value) ? line.len : len;
}

static size_t id_line_len(const header *h, ss_bytes line, size_t name_len)
{
    ss_bytes value = {line.data + name_len, line.len - name_len};
    ss_oid id;

    return ss_oid_read(&id, value, h->id_len) ? 0 : name_len + 2 * h->id_len;
}

static int is_type(ss_bytes line)
{
    static const char *const lines[] = {"type commit", "type tree", "type blob",
                                        "type tag"};

    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
        if (ss_bytes_equal(line, ss_bytes_str(lines[i])))
            return 1;
    }
    return 0;
}

/* Leading bytes of a line that need no scanning. */
static size_t known_len(header *h, ss_bytes line)
{
    if (ss_bytes_starts(line, "tree "))
        return id_line_len(h, line, 5);
    if (ss_bytes_starts(line, "parent ") || ss_bytes_starts(line, "object "))
        return id_line_len(h, line, 7);
    if (ss_bytes_starts(line, "mergetag object "))
        return id_line_len(h, line, 16);
    if (ss_bytes_starts(line, "author ") && !h->n_authors++)
        return ident_len(line, 7);
    if (ss_bytes_starts(line, "committer ") && !h->n_committers++)
        return ident_len(line, 10);
    if (ss_bytes_starts(line, "tagger ") && !h->n_taggers++)
        return ident_len(line, 7);
    return is_type(line) ? line.len : 0;
}

/* ---- signatures ------------------------------------------------------- */

/* Asked of every line of every commit. */
static int has_dashes(ss_bytes s)
{
    while (s.len >= 5) {
        const uint8_t *at = memchr(s.data, '-', s.len - 4);

        if (!at)
            return 0;
        if (memcmp(at, "-----", 5) == 0)
            return 1;
        s.len -= (size_t)(at + 1 - s.data);
        s.data = at + 1;
    }
    return 0;
}

static int contains(ss_bytes s, const char *word)
{
    return ss_bytes_find_nocase(s, ss_bytes_str(word)) != SIZE_MAX;
}

/* Armour that no secret is wrapped in: a private key's is scanned. */
static int starts_signature(ss_bytes line)
{
    return contains(line, "-----begin pgp signature-----") ||
           contains(line, "-----begin pgp message-----") ||
           contains(line, "-----begin ssh signature-----") ||
           contains(line, "-----begin signed message-----");
}

static int is_base64(uint8_t c)
{
    return ss_is_alnum(c) || c == '+' || c == '/' || c == '=';
}

/* A full line of base64 would only raise false alarms. */
static int is_armour(ss_bytes line)
{
    while (line.len && line.data[0] == ' ') {
        line.data++;
        line.len--;
    }
    for (size_t i = 0; i < line.len; i++) {
        if (!is_base64(line.data[i]))
            return 0;
    }
    return line.len >= MIN_ARMOUR;
}

/* ---- lines ------------------------------------------------------------ */

static void take_line(header *h, ss_bytes line)
{
    size_t known;

    if (has_dashes(line))
        h->is_signature = starts_signature(line);
    if (h->is_signature && is_armour(line)) {
        blank(h, line);
        return;
    }
    known = known_len(h, line);
    h->has_rest |= known < line.len;
    blank(h, (ss_bytes){line.data, known});
}

static size_t header_len(ss_bytes object)
{
    ss_bytes line, rest = object;

    while (ss_bytes_line(&line, &rest) && line.len)
        ;
    return object.len - rest.len;
}

int ss_git_header_rest(ss_buf *out, ss_bytes object, size_t id_len)
{
    ss_bytes line, rest = {object.data, header_len(object)};
    header h = {.out = out, .object = object, .id_len = id_len};

    out->len = 0;
    if (ss_buf_add(out, rest.data, rest.len))
        return SECSCAN_ERR_NOMEM;
    while (ss_bytes_line(&line, &rest))
        take_line(&h, line);
    if (!h.has_rest)
        out->len = 0;
    return 0;
}

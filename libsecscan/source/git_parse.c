/*
 * git_parse.c: commits, tags and trees from their bytes.
 * Lenient where git is (a strange time is 0), strict where a walk depends on
 * it.
 */
#include "git_parse.h"

static int hex_digit(uint8_t c)
{
    if (ss_is_digit(c))
        return c - '0';
    c = ss_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int ss_oid_read(ss_oid *out, ss_bytes hex, size_t id_len)
{
    ss_oid id = {{0}};

    if (hex.len < 2 * id_len)
        return -1;
    for (size_t i = 0; i < id_len; i++) {
        int high = hex_digit(hex.data[2 * i]);
        int low = hex_digit(hex.data[2 * i + 1]);

        if (high < 0 || low < 0)
            return -1;
        id.id[i] = (uint8_t)(high << 4 | low);
    }
    *out = id;
    return 0;
}

ss_oid ss_oid_of(const uint8_t *id, size_t id_len)
{
    ss_oid out = {{0}};

    memcpy(out.id, id, id_len);
    return out;
}

void ss_oid_write(char out[SS_OID_TEXT], const ss_oid *id, size_t id_len)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < id_len; i++) {
        out[2 * i] = digits[id->id[i] >> 4];
        out[2 * i + 1] = digits[id->id[i] & 15];
    }
    out[2 * id_len] = '\0';
}

int ss_oid_is_zero(const ss_oid *id)
{
    static const ss_oid zero;

    return ss_oid_equal(id, &zero);
}

static ss_bytes behind(ss_bytes line, size_t n)
{
    return (ss_bytes){line.data + n, line.len - n};
}

static ss_bytes trimmed(ss_bytes s)
{
    while (s.len && s.data[0] <= ' ')
        s = behind(s, 1);
    while (s.len && s.data[s.len - 1] <= ' ')
        s.len--;
    return s;
}

static int64_t read_number(ss_bytes *s)
{
    int64_t value = 0;
    int is_negative = s->len && s->data[0] == '-';

    if (s->len && (s->data[0] == '-' || s->data[0] == '+'))
        *s = behind(*s, 1);
    while (s->len && ss_is_digit(s->data[0])) {
        if (value < INT64_MAX / 10 - 9)
            value = value * 10 + (s->data[0] - '0');
        *s = behind(*s, 1);
    }
    return is_negative ? -value : value;
}

void ss_git_ident_parse(ss_git_ident *out, ss_bytes line)
{
    size_t open = line.len, close = line.len;
    ss_bytes rest;
    int64_t zone;

    memset(out, 0, sizeof(*out));
    while (close && line.data[close - 1] != '>')
        close--;
    for (open = 0; open < close && line.data[open] != '<';)
        open++;
    if (!close || open >= close) {
        out->whole = out->name = trimmed(line);
        return;
    }
    out->whole = trimmed((ss_bytes){line.data, close});
    out->name = trimmed((ss_bytes){line.data, open});
    out->email =
        trimmed((ss_bytes){line.data + open + 1, close - 1 - (open + 1)});
    rest = trimmed(behind(line, close));
    out->time = read_number(&rest);
    rest = trimmed(rest);
    zone = read_number(&rest);
    if (zone > -10000 && zone < 10000)
        out->offset = (int32_t)(zone / 100 * 60 + zone % 100);
}

ss_bytes ss_git_subject(ss_bytes message)
{
    ss_bytes line = {message.data, 0};

    message = trimmed(message);
    ss_bytes_line(&line, &message);
    return trimmed(line);
}

int ss_git_commit_parse(ss_git_commit *out, ss_bytes bytes, size_t id_len)
{
    ss_bytes line;

    memset(out, 0, sizeof(*out));
    if (!ss_bytes_line(&line, &bytes) || !ss_bytes_starts(line, "tree ") ||
        ss_oid_read(&out->tree, behind(line, 5), id_len))
        return SECSCAN_ERR_CORRUPT;
    out->parents.data = bytes.data;
    while (ss_bytes_starts(bytes, "parent ")) {
        if (!ss_bytes_line(&line, &bytes) || line.len < 7 + 2 * id_len)
            return SECSCAN_ERR_CORRUPT;
    }
    out->parents.len = (size_t)(bytes.data - out->parents.data);
    while (ss_bytes_line(&line, &bytes) && line.len) {
        if (ss_bytes_starts(line, "author ") && !out->author.whole.data)
            ss_git_ident_parse(&out->author, behind(line, 7));
        else if (ss_bytes_starts(line, "committer ") &&
                 !out->committer.whole.data)
            ss_git_ident_parse(&out->committer, behind(line, 10));
    }
    out->message = bytes;
    return 0;
}

int ss_git_parent_next(ss_oid *out, ss_bytes *parents, size_t id_len)
{
    ss_bytes line;

    while (ss_bytes_line(&line, parents)) {
        if (ss_oid_read(out, behind(line, 7), id_len) == 0)
            return 1;
    }
    return 0;
}

int ss_git_tag_parse(ss_git_tag *out, ss_bytes bytes, size_t id_len)
{
    ss_bytes line;

    memset(out, 0, sizeof(*out));
    if (!ss_bytes_line(&line, &bytes) || !ss_bytes_starts(line, "object ") ||
        ss_oid_read(&out->target, behind(line, 7), id_len))
        return SECSCAN_ERR_CORRUPT;
    while (ss_bytes_line(&line, &bytes) && line.len) {
        if (ss_bytes_starts(line, "tagger ") && !out->tagger.whole.data)
            ss_git_ident_parse(&out->tagger, behind(line, 7));
    }
    out->message = bytes;
    return 0;
}

int ss_git_entry_next(ss_git_entry *out, ss_bytes *tree, size_t id_len)
{
    const uint8_t *p = tree->data, *end = p + tree->len, *nul;
    uint32_t mode = 0;

    if (!tree->len)
        return 0;
    for (; p < end && *p >= '0' && *p <= '7'; p++)
        mode = mode << 3 | (uint32_t)(*p - '0');
    if (p == end || *p != ' ')
        return SECSCAN_ERR_CORRUPT;
    p++;
    nul = memchr(p, '\0', (size_t)(end - p));
    if (!nul || nul == p || (size_t)(end - nul) - 1 < id_len)
        return SECSCAN_ERR_CORRUPT;
    out->name = ss_bytes_of(p, (size_t)(nul - p));
    out->id = nul + 1;
    out->mode = mode;
    tree->data = nul + 1 + id_len;
    tree->len = (size_t)(end - tree->data);
    return 1;
}

/*
 * ignore.c: the lines of ignore files into patterns, patterns on paths.
 */
#include "ignore.h"

#include "base/alloc.h"
#include "base/wildmatch.h"

/* ---- reading ---- */

/* Spaces at the end go, unless a backslash stands before one. */
static size_t trimmed_len(ss_bytes line)
{
    size_t len = 0;

    for (size_t i = 0; i < line.len; i++) {
        if (line.data[i] == ' ')
            continue;
        if (line.data[i] == '\\') {
            if (i + 1 == line.len)
                return line.len;
            i++;
        }
        len = i + 1;
    }
    return len;
}

/* Returns 0 when the line holds no pattern. */
static int read_pattern(ss_ignore_pattern *out, ss_bytes line)
{
    memset(out, 0, sizeof(*out));
    if (line.len && line.data[0] == '!') {
        out->is_negated = 1;
        line = (ss_bytes){line.data + 1, line.len - 1};
    }
    if (line.len && line.data[line.len - 1] == '/') {
        out->is_dir_only = 1;
        line.len--;
    }
    if (!line.len)
        return 0;
    out->is_name = !memchr(line.data, '/', line.len);
    if (line.data[0] == '/')
        line = (ss_bytes){line.data + 1, line.len - 1};
    out->text = line;
    out->literal = ss_wildmatch_literal(line);
    if (line.len && line.data[0] == '*') {
        ss_bytes rest = {line.data + 1, line.len - 1};

        out->is_ending = ss_wildmatch_literal(rest) == rest.len;
    }
    return 1;
}

static int add_line(ss_ignore_list *list, ss_bytes line, secscan_error *err)
{
    ss_ignore_pattern pattern;
    const uint8_t *nul;

    if (line.len && line.data[line.len - 1] == '\r')
        line.len--;
    nul = line.len ? memchr(line.data, '\0', line.len) : NULL;
    if (nul)
        line.len = (size_t)(nul - line.data);
    if (!line.len || line.data[0] == '#')
        return 0;
    line.len = trimmed_len(line);
    if (!read_pattern(&pattern, line))
        return 0;
    if (SS_VEC_PUSH(&list->patterns, pattern))
        return ss_fail_nomem(err);
    return 0;
}

static int add_lines(ss_ignore_list *list, ss_bytes text, secscan_error *err)
{
    if (ss_bytes_starts(text, "\xef\xbb\xbf"))
        text = (ss_bytes){text.data + 3, text.len - 3};
    while (text.len) {
        const uint8_t *end = memchr(text.data, '\n', text.len);
        size_t len = end ? (size_t)(end - text.data) : text.len;
        int rc = add_line(list, (ss_bytes){text.data, len}, err);

        if (rc)
            return rc;
        if (end)
            len++;
        text = (ss_bytes){text.data + len, text.len - len};
    }
    return 0;
}

static void release_list(ss_ignore_list *list)
{
    SS_VEC_RELEASE(&list->patterns);
    ss_free(list->text);
    list->text = NULL;
}

int ss_ignore_push(ss_ignore *ignore, ss_bytes text, size_t base_len,
                   secscan_error *err)
{
    ss_ignore_list list = {NULL, base_len, {NULL, 0, 0}};
    int rc = 0;

    list.text = ss_strndup((const char *)text.data, text.len);
    if (!list.text)
        rc = ss_fail_nomem(err);
    if (!rc)
        rc = add_lines(&list, ss_bytes_of(list.text, text.len), err);
    if (!rc && SS_VEC_PUSH(&ignore->lists, list))
        rc = ss_fail_nomem(err);
    if (rc)
        release_list(&list);
    return rc;
}

void ss_ignore_pop(ss_ignore *ignore)
{
    ss_assert(ignore->lists.len);
    release_list(&ignore->lists.at[--ignore->lists.len]);
}

void ss_ignore_release(ss_ignore *ignore)
{
    while (ignore->lists.len)
        ss_ignore_pop(ignore);
    SS_VEC_RELEASE(&ignore->lists);
}

/* ---- asking ---- */

static int ends_with(ss_bytes s, ss_bytes end)
{
    return s.len >= end.len &&
           !memcmp(s.data + (s.len - end.len), end.data, end.len);
}

static int name_matches(const ss_ignore_pattern *p, ss_bytes name)
{
    if (p->literal == p->text.len)
        return ss_bytes_equal(p->text, name);
    if (p->is_ending)
        return ends_with(name, (ss_bytes){p->text.data + 1, p->text.len - 1});
    return ss_wildmatch(p->text, name);
}

/* The literal beginning is compared apart, so that, as in git, a `**` right
 * behind it counts as one that begins the pattern. */
static int path_matches(const ss_ignore_pattern *p, ss_bytes path)
{
    size_t n = p->literal;

    if (n > path.len || memcmp(p->text.data, path.data, n) != 0)
        return 0;
    return ss_wildmatch((ss_bytes){p->text.data + n, p->text.len - n},
                        (ss_bytes){path.data + n, path.len - n});
}

static const ss_ignore_pattern *
last_match(const ss_ignore_list *list, ss_bytes path, ss_bytes name, int is_dir)
{
    ss_assert(list->base_len <= path.len);
    path = (ss_bytes){path.data + list->base_len, path.len - list->base_len};
    for (size_t i = list->patterns.len; i-- > 0;) {
        const ss_ignore_pattern *p = &list->patterns.at[i];

        if (p->is_dir_only && !is_dir)
            continue;
        if (p->is_name ? name_matches(p, name) : path_matches(p, path))
            return p;
    }
    return NULL;
}

static ss_bytes name_of(ss_bytes path)
{
    size_t at = path.len;

    while (at && path.data[at - 1] != '/')
        at--;
    return (ss_bytes){path.data + at, path.len - at};
}

int ss_ignore_match(const ss_ignore *ignore, ss_bytes path, int is_dir)
{
    ss_bytes name = name_of(path);

    for (size_t i = ignore->lists.len; i-- > 0;) {
        const ss_ignore_pattern *p =
            last_match(&ignore->lists.at[i], path, name, is_dir);

        if (p)
            return !p->is_negated;
    }
    return 0;
}

/*
 * gitleaks_ignore.c: .gitleaksignore. A line is `file:rule:line` or
 * `commit:file:rule:line`; a backslash in it is a slash.
 */
#include "policy.h"

#include "base/buf.h"

static ss_bytes trim(ss_bytes s)
{
    while (s.len && s.data[0] <= ' ')
        s = ss_bytes_of(s.data + 1, s.len - 1);
    while (s.len && s.data[s.len - 1] <= ' ')
        s.len--;
    return s;
}

/* A copy with slashes, to be cut at colons. */
static char *copy_line(secscan_policy *policy, ss_bytes line)
{
    char *text =
        ss_arena_str(&policy->arena, (const char *)line.data, line.len);

    for (char *c = text; c && *c; c++) {
        if (*c == '\\')
            *c = '/';
    }
    return text;
}

/* Cut the last field off. */
static char *cut_last(char *text)
{
    char *colon = strrchr(text, ':');

    if (!colon)
        return NULL;
    *colon = '\0';
    return colon + 1;
}

static int is_commit(const char *text, size_t len)
{
    return len >= 40 && len <= 64 &&
           strspn(text, "0123456789abcdefABCDEF") >= len;
}

/* 1, and the number, when the text is one. A rule about paths has line 0. */
static int read_number(uint64_t *out, const char *text)
{
    *out = 0;
    if (!*text || strlen(text) > 12)
        return 0;
    for (; *text; text++) {
        if (!ss_is_digit((uint8_t)*text))
            return 0;
        *out = *out * 10 + (uint64_t)(*text - '0');
    }
    return 1;
}

/* The four fields of a line; 0 when it is none. */
static int split(char *text, const char **commit, const char **path,
                 const char **rule, uint64_t *line)
{
    char *last = cut_last(text);
    char *id = last ? cut_last(text) : NULL;
    size_t first = strcspn(text, ":");

    *commit = NULL;
    *path = text;
    if (!id || !*id)
        return 0;
    if (text[first] && is_commit(text, first)) {
        text[first] = '\0';
        *commit = text;
        *path = text + first + 1;
    }
    *rule = id;
    return **path && read_number(line, last);
}

static int add_line(secscan_policy *policy, const secscan_policy_text *text,
                    ss_bytes line, uint32_t number)
{
    ss_policy_row row = {.file = text->name,
                         .reason = "",
                         .line = number,
                         .kind = (uint8_t)text->kind,
                         .is_position = 1};
    char *copy = copy_line(policy, line);
    uint64_t at = 0;
    ss_bytes key;

    if (!copy)
        return SECSCAN_ERR_NOMEM;
    if (strlen(copy) != line.len ||
        !split(copy, &row.commit, &row.entry.path, &row.entry.rule, &at))
        return ss_policy_note(policy, "unread", text->name, number,
                              "it is no file:rule:line, and no "
                              "commit:file:rule:line");
    key = ss_policy_position(policy, row.entry.path, at);
    if (!key.data)
        return SECSCAN_ERR_NOMEM;
    return ss_policy_add(policy, &policy->positions, key, &row);
}

int ss_gitleaks_ignore_read(secscan_policy *policy,
                            const secscan_policy_text *text)
{
    ss_bytes rest = ss_bytes_of(text->data, text->len), line;
    uint32_t number = 0;
    int rc = 0;

    while (!rc && ss_bytes_line(&line, &rest)) {
        number++;
        line = trim(line);
        if (line.len && line.data[0] != '#')
            rc = add_line(policy, text, line, number);
    }
    return rc;
}

/*
 * revision.c: what a revision names: an id or the beginning of one, a ref by
 * git's rules for short names, an entry of a log; then steps to parents.
 * What git can say more (dates, paths, searches) is refused, not guessed.
 */
#include "git_ref.h"

#define MAX_TAGS 64
#define MIN_DIGITS 4u

typedef struct resolver {
    ss_git *git;
    const char *text; /* the whole revision */
    size_t id_len;
    char name[SS_REF_NAME_MAX]; /* of the ref at hand; "" for an id */
    ss_oid id;
    secscan_error *err;
} resolver;

static int fail_unknown(const resolver *r)
{
    return ss_fail(r->err, SECSCAN_ERR_GIT,
                   "\"%.100s\" does not name a commit of this repository",
                   r->text);
}

static int fail_unsupported(const resolver *r)
{
    return ss_fail(
        r->err, SECSCAN_ERR_GIT,
        "\"%.100s\": this way to name a commit is not supported; use "
        "an id",
        r->text);
}

/* ---- numbers ---------------------------------------------------------- */

/* The digits at *p, which moves behind them; `otherwise` when there are none.
 */
static int read_number(const char **p, uint32_t otherwise, uint32_t *out)
{
    if (!ss_is_digit((uint8_t) * *p)) {
        *out = otherwise;
        return 0;
    }
    for (*out = 0; ss_is_digit((uint8_t) * *p); ++*p) {
        if (*out > UINT32_MAX / 10 - 1)
            return -1;
        *out = *out * 10 + (uint32_t)(**p - '0');
    }
    return 0;
}

/* ---- ids -------------------------------------------------------------- */

static int hex_value(char c)
{
    if (ss_is_digit((uint8_t)c))
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static size_t count_digits(const char *text)
{
    size_t n = 0;

    while (hex_value(text[n]) >= 0)
        n++;
    return n;
}

static int find_short(resolver *r, const char *text, int *found)
{
    size_t n_digits = strlen(text);
    ss_oid prefix = {{0}};
    uint32_t n = 0;

    if (n_digits < MIN_DIGITS || n_digits > 2 * r->id_len ||
        count_digits(text) != n_digits)
        return 0;
    for (size_t i = 0; i < n_digits; i++)
        prefix.id[i / 2] =
            (uint8_t)(prefix.id[i / 2] | hex_value(text[i]) << (i % 2 ? 0 : 4));
    if (ss_git_objects_match(r->git, &prefix, n_digits, &r->id, &n))
        return ss_fail_nomem(r->err);
    if (n > 1)
        return ss_fail(r->err, SECSCAN_ERR_GIT,
                       "\"%.70s\" is the beginning of more than one id", text);
    *found = n == 1;
    return 0;
}

/* What `git describe` says: "v1.0-3-g1234abc". */
static int find_described(resolver *r, const char *text, int *found)
{
    const char *at = NULL;

    for (const char *p = text; (p = strstr(p, "-g")); p++)
        at = p;
    return at ? find_short(r, at + 2, found) : 0;
}

/* ---- refs ------------------------------------------------------------- */

/* "HEAD", "FETCH_HEAD": the files of the git directory that may be refs. */
static int is_pseudo(const char *name)
{
    for (; *name; name++) {
        if (!(*name >= 'A' && *name <= 'Z') && *name != '_')
            return 0;
    }
    return 1;
}

static int try_ref(resolver *r, const char *before, const char *name,
                   const char *after, int *found)
{
    size_t a = strlen(before), b = strlen(name), c = strlen(after);

    if (*found || a + b + c >= sizeof(r->name))
        return 0;
    memcpy(r->name, before, a);
    memcpy(r->name + a, name, b);
    memcpy(r->name + a + b, after, c + 1);
    return ss_git_ref_read(&r->id, found, r->git, r->name, r->err);
}

/* The places that git tries, in its order. */
static int find_ref(resolver *r, const char *name, int *found)
{
    static const char *const places[][2] = {{"refs/", ""},
                                            {"refs/tags/", ""},
                                            {"refs/heads/", ""},
                                            {"refs/remotes/", ""},
                                            {"refs/remotes/", "/HEAD"}};
    int rc = 0;

    if (strncmp(name, "refs/", 5) == 0 || is_pseudo(name))
        rc = try_ref(r, "", name, "", found);
    for (size_t i = 0; !rc && i < sizeof(places) / sizeof(places[0]); i++)
        rc = try_ref(r, places[i][0], name, places[i][1], found);
    if (!rc && !*found)
        r->name[0] = '\0';
    return rc;
}

static int find_name(resolver *r, const char *name)
{
    int found = 0, rc = 0;

    r->name[0] = '\0';
    if (strcmp(name, "@") == 0)
        name = "HEAD";
    if (strlen(name) == 2 * r->id_len &&
        !ss_oid_read(&r->id, ss_bytes_str(name), r->id_len))
        return 0;
    rc = find_ref(r, name, &found);
    if (!rc && !found)
        rc = find_short(r, name, &found);
    if (!rc && !found)
        rc = find_described(r, name, &found);
    return !rc && !found ? fail_unknown(r) : rc;
}

/* ---- @{...} ----------------------------------------------------------- */

/* The ref that HEAD is on, or HEAD. */
static int find_current(resolver *r)
{
    ss_git_ref head;
    int rc = ss_git_ref_look(&head, r->git, "HEAD", r->err);

    if (!rc)
        memcpy(r->name, head.link[0] ? head.link : "HEAD",
               head.link[0] ? sizeof(head.link) : 5);
    return rc;
}

/* Entry n of a log, the newest is 0; the oldest one's old id counts too. */
static int find_in_log(resolver *r, uint32_t n)
{
    ss_buf text = SS_BUF_INIT(SIZE_MAX / 4);
    size_t hex = 2 * r->id_len, n_lines = 0, at = 0;
    ss_bytes in, line;
    int found = 0, rc;

    rc = ss_git_ref_log(&text, r->git, r->name, r->err);
    in = ss_buf_bytes(&text);
    while (ss_bytes_line(&line, &in))
        n_lines++;
    in = ss_buf_bytes(&text);
    for (; !rc && !found && ss_bytes_line(&line, &in); at++) {
        int is_old = !at && n == n_lines;

        if ((!is_old && at + n + 1 != n_lines) || line.len < 2 * hex + 1)
            continue;
        line.data += is_old ? 0 : hex + 1;
        line.len = hex;
        found = !ss_oid_read(&r->id, line, r->id_len);
    }
    ss_buf_release(&text);
    return !rc && !found ? fail_unknown(r) : rc;
}

/* Where HEAD was before the n-th checkout from the end. */
static int find_checkout(resolver *r, uint32_t n)
{
    static const char key[] = "checkout: moving from ";
    ss_buf text = SS_BUF_INIT(SIZE_MAX / 4);
    char name[SS_REF_NAME_MAX] = "";
    int rc = ss_git_ref_log(&text, r->git, "HEAD", r->err);

    for (size_t end = text.len; !rc && n && end;) {
        size_t start = end - 1;
        ss_bytes line;
        const uint8_t *tab, *to;

        while (start && text.data[start - 1] != '\n')
            start--;
        line = ss_bytes_of(text.data + start, end - start);
        end = start;
        tab = memchr(line.data, '\t', line.len);
        if (!tab)
            continue;
        line.len -= (size_t)(tab + 1 - line.data);
        line.data = tab + 1;
        if (!ss_bytes_starts(line, key) || --n)
            continue;
        line.data += sizeof(key) - 1;
        line.len -= sizeof(key) - 1;
        to = memchr(line.data, ' ', line.len);
        if (to && (size_t)(to - line.data) < sizeof(name)) {
            memcpy(name, line.data, (size_t)(to - line.data));
            name[to - line.data] = '\0';
        }
    }
    ss_buf_release(&text);
    if (rc)
        return rc;
    return name[0] ? find_name(r, name) : fail_unknown(r);
}

/* Where a remote's branch is kept: by the refspec "+src*:dst*". */
static int map_refspec(resolver *r, const char *spec, const char *merge)
{
    const char *star = strchr(spec, '*'), *colon = strchr(spec, ':');
    const char *to = colon ? strchr(colon, '*') : NULL;
    size_t before, head, tail;

    if (!star || !to || star > colon)
        return fail_unsupported(r);
    spec += *spec == '+';
    before = (size_t)(star - spec);
    if (strncmp(spec, merge, before) != 0)
        return fail_unsupported(r);
    head = (size_t)(to - colon - 1);
    tail = strlen(merge + before);
    if (head + tail + strlen(to + 1) >= sizeof(r->name))
        return fail_unsupported(r);
    memcpy(r->name, colon + 1, head);
    memcpy(r->name + head, merge + before, tail);
    memcpy(r->name + head + tail, to + 1, strlen(to + 1) + 1);
    return 0;
}

static const char *setting(resolver *r, const char *section, const char *name,
                           const char *key)
{
    ss_buf text = SS_BUF_INIT(4096);
    const char *value = NULL;

    ss_buf_printf(&text, "%s.%s.%s", section, name, key);
    ss_buf_putc(&text, '\0');
    if (!text.failed)
        value = ss_git_config(r->git, (const char *)text.data);
    ss_buf_release(&text);
    return value;
}

static int find_upstream(resolver *r)
{
    const char *branch, *remote, *merge, *spec;
    int found = 0, rc = 0;

    if (strcmp(r->name, "HEAD") == 0)
        rc = find_current(r);
    if (rc || strncmp(r->name, "refs/heads/", 11) != 0)
        return rc ? rc : fail_unknown(r);
    branch = r->name + 11;
    remote = setting(r, "branch", branch, "remote");
    merge = setting(r, "branch", branch, "merge");
    if (!remote || !merge)
        return fail_unknown(r);
    if (strcmp(remote, ".") == 0) {
        rc = try_ref(r, "", merge, "", &found);
    } else {
        spec = setting(r, "remote", remote, "fetch");
        rc = spec ? map_refspec(r, spec, merge) : fail_unknown(r);
        if (!rc)
            rc = ss_git_ref_read(&r->id, &found, r->git, r->name, r->err);
    }
    return !rc && !found ? fail_unknown(r) : rc;
}

/* "@{...}" at *p, behind the ref in r->name ("" where there is none). */
static int take_log(resolver *r, const char **p)
{
    const char *inside = *p + 2, *end = strchr(*p, '}'), *q = inside;
    uint32_t n;
    int rc = 0;

    if (!end)
        return fail_unknown(r);
    *p = end + 1;
    if (*inside == '-' && !r->name[0]) {
        q++;
        return read_number(&q, 0, &n) || q != end || !n ? fail_unsupported(r)
                                                        : find_checkout(r, n);
    }
    if (!r->name[0])
        rc = find_current(r);
    if (rc)
        return rc;
    if ((end - inside == 1 && ss_lower((uint8_t)*inside) == 'u') ||
        (end - inside == 8 &&
         ss_bytes_starts_nocase(ss_bytes_str(inside), "upstream")))
        return find_upstream(r);
    if (read_number(&q, 0, &n) || q != end || q == inside)
        return fail_unsupported(r);
    return find_in_log(r, n);
}

/* ---- steps ------------------------------------------------------------ */

/* From tags on to the commit; *parent (counted from 1), if wanted. */
static int peel(resolver *r, uint32_t parent)
{
    for (int i = 0; i < MAX_TAGS; i++) {
        ss_git_data data;
        ss_git_commit commit;
        ss_git_tag tag;
        ss_oid id;
        int rc = ss_git_object_read(&data, r->git, &r->id, 0, r->err);
        int is_commit, found = 0;

        if (rc)
            return rc;
        is_commit = data.kind == SS_GIT_COMMIT;
        if (is_commit && !parent) {
            found = 1;
        } else if (is_commit) {
            rc = ss_git_commit_parse(&commit, data.bytes, r->id_len);
            while (!rc && parent &&
                   ss_git_parent_next(&id, &commit.parents, r->id_len))
                parent--;
            found = !rc && !parent;
            if (found)
                r->id = id;
        } else if (data.kind == SS_GIT_TAG &&
                   !ss_git_tag_parse(&tag, data.bytes, r->id_len)) {
            r->id = tag.target;
        } else {
            is_commit = 1; /* nothing to go on to */
        }
        ss_git_data_release(&data);
        if (found)
            return 0;
        if (is_commit)
            break;
    }
    return fail_unknown(r);
}

static int take_tilde(resolver *r, const char **p)
{
    uint32_t n;
    int rc = 0;

    ++*p;
    if (read_number(p, 1, &n))
        return fail_unknown(r);
    rc = peel(r, 0);
    for (; !rc && n; n--)
        rc = peel(r, 1);
    return rc;
}

static int take_caret(resolver *r, const char **p)
{
    uint32_t n;

    ++*p;
    if (strncmp(*p, "{}", 2) == 0 || strncmp(*p, "{commit}", 8) == 0) {
        *p = strchr(*p, '}') + 1;
        return peel(r, 0);
    }
    if (**p == '{' || **p == '@' || **p == '!' || **p == '-')
        return fail_unsupported(r);
    if (read_number(p, 1, &n))
        return fail_unknown(r);
    return peel(r, n);
}

static int take_steps(resolver *r, const char *p)
{
    int rc = 0;

    while (!rc && *p) {
        if (*p == '~')
            rc = take_tilde(r, &p);
        else if (*p == '^')
            rc = take_caret(r, &p);
        else if (strncmp(p, "@{", 2) == 0)
            rc = take_log(r, &p);
        else
            rc = fail_unsupported(r);
    }
    return rc ? rc : peel(r, 0);
}

static size_t name_len(const char *text)
{
    size_t len = 0;

    while (text[len] && !strchr("~^:", text[len]) &&
           strncmp(text + len, "@{", 2) != 0)
        len++;
    return len;
}

int ss_git_resolve(ss_oid *out, ss_git *git, const char *revision,
                   secscan_error *err)
{
    resolver r = {
        .git = git, .text = revision, .id_len = ss_git_id_len(git), .err = err};
    size_t len = name_len(revision);
    char name[SS_REF_NAME_MAX];
    int rc = 0;

    if (len >= sizeof(name) || strchr(revision, ':'))
        return fail_unsupported(&r);
    memcpy(name, revision, len);
    name[len] = '\0';
    if (len)
        rc = find_name(&r, name);
    else if (strncmp(revision, "@{", 2) != 0)
        rc = fail_unknown(&r);
    if (!rc)
        rc = take_steps(&r, revision + len);
    if (!rc)
        *out = r.id;
    return rc;
}

/*
 * member.c: compose the path of a member, component by component.
 */
#include "run/member.h"

#include "base/buf.h"

#define MAX_PATH ((size_t)1 << 20)

/* Past the last slash or border of a container. */
static ss_bytes last_name(ss_bytes path)
{
    size_t at = path.len;

    while (at && path.data[at - 1] != '/' && path.data[at - 1] != '!')
        at--;
    return ss_bytes_of(path.data + at, path.len - at);
}

/* What the stream's name says of what is in it; nothing: empty. */
static ss_bytes stem(ss_bytes name)
{
    static const char *const ends[] = {".gz",  ".bz2", ".xz",
                                       ".zst", ".Z",   ".lz4"};

    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
        ss_bytes end = ss_bytes_str(ends[i]);

        if (name.len > end.len &&
            !memcmp(name.data + name.len - end.len, end.data, end.len))
            return ss_bytes_of(name.data, name.len - end.len);
    }
    return ss_bytes_of("", 0);
}

static void add_component(ss_buf *out, ss_bytes component, char border)
{
    ss_bytes name = component;
    uint8_t copy[256];

    if (component.len && component.data[0] == SS_MEMBER_STREAM) {
        name = stem(last_name(ss_buf_bytes(out)));
        if (!name.len || name.len > sizeof(copy))
            name = ss_bytes_of(component.data + 1, component.len - 1);
        else /* adding may move what it is a part of */
            name.data = memcpy(copy, name.data, name.len);
    }
    ss_buf_putc(out, border);
    ss_buf_add(out, name.data, name.len);
}

static int compose(ss_buf *out, const char *path, const char *member,
                   char border)
{
    const char *end;

    if (path)
        ss_buf_puts(out, path);
    do {
        end = strchr(member, '!');
        add_component(out,
                      end ? ss_bytes_of(member, (size_t)(end - member))
                          : ss_bytes_str(member),
                      border);
        member = end ? end + 1 : NULL;
    } while (member);
    ss_buf_putc(out, '\0');
    return out->failed;
}

static const char *compose_in(ss_arena *arena, const char *path,
                              const char *member, char border)
{
    ss_buf text = SS_BUF_INIT(MAX_PATH);
    const char *out = NULL;

    if (!member)
        return path;
    if (!compose(&text, path, member, border))
        out = ss_arena_copy(arena, text.data, text.len);
    ss_buf_release(&text);
    return out;
}

const char *ss_member_path(ss_arena *arena, const char *path,
                           const char *member)
{
    return compose_in(arena, path, member, '!');
}

const char *ss_member_judged(ss_arena *arena, const char *path,
                             const char *member)
{
    return compose_in(arena, path, member, '/');
}

static ss_verdict judge_long(ss_filter *filter, const ss_match *match,
                             const char *path, const char *member,
                             const char *commit, char border)
{
    ss_buf text = SS_BUF_INIT(MAX_PATH);
    ss_verdict verdict = SS_NO_VERDICT;

    if (!compose(&text, path, member, border))
        verdict =
            ss_filter_origin(filter, match, (const char *)text.data, commit);
    ss_buf_release(&text);
    return verdict;
}

/* Nearly all are short: those take no memory, which could fail. */
static ss_verdict judge(ss_filter *filter, const ss_match *match,
                        const char *path, const char *member,
                        const char *commit, char border)
{
    uint8_t room[1024];
    ss_buf text = {.data = room, .cap = sizeof(room), .max = sizeof(room)};

    if (compose(&text, path, member, border))
        return judge_long(filter, match, path, member, commit, border);
    return ss_filter_origin(filter, match, (const char *)room, commit);
}

ss_verdict ss_member_verdict(ss_filter *filter, const ss_match *match,
                             const char *path, const char *member,
                             const char *commit)
{
    ss_verdict verdict;

    if (!member)
        return ss_filter_origin(filter, match, path, commit);
    verdict = judge(filter, match, path, member, commit, '/');
    if (verdict == SS_DROP && match->identity.len)
        return judge(filter, match, path, member, commit, '!');
    if (verdict == SS_KEEP &&
        judge(filter, match, path, member, commit, '!') == SS_SUPPRESS)
        return SS_SUPPRESS;
    return verdict;
}

/*
 * updates.c: lines of four words or of three. What is not exactly that is an
 * error: a hook that misses a ref would let it pass.
 */
#include "updates.h"

#include "command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_INPUT ((size_t)64 << 20)

static int fail(const char *what)
{
    fprintf(stderr, "secscan: standard input cannot be read: %s\n", what);
    return CLI_EXIT_INCOMPLETE;
}

/* All of standard input, NUL-terminated. */
static int read_all(char **out, size_t *len)
{
    size_t size = 0;
    ssize_t n;

    *out = NULL;
    *len = 0;
    do {
        if (*len + 1 >= size) {
            char *more = realloc(*out, size ? 2 * size : 4096);

            if (!more || size > MAX_INPUT)
                return fail(more ? "too many refs" : "out of memory");
            *out = more;
            size = size ? 2 * size : 4096;
        }
        n = read(STDIN_FILENO, *out + *len, size - *len - 1);
        if (n > 0)
            *len += (size_t)n;
    } while (n > 0 || (n < 0 && errno == EINTR));
    (*out)[*len] = '\0';
    return n < 0 ? fail(strerror(errno)) : 0;
}

/* The last word of a line, which is cut off there; NULL when there is no other
 * before it. */
static char *cut_word(char *line)
{
    char *space = strrchr(line, ' ');

    if (!space || space == line || !space[1])
        return NULL;
    *space = '\0';
    return space + 1;
}

static int is_id(const char *s)
{
    size_t len = strlen(s);

    return (len == 40 || len == 64) && strspn(s, "0123456789abcdef") == len;
}

static int parse(secscan_git_update *out, char *line, int is_receive)
{
    const char *last = cut_word(line);
    const char *middle = last ? cut_word(line) : NULL;
    /* What is pushed may be named by words: `git push origin ":/a b:c"`. */
    const char *first = !middle || is_receive ? line : cut_word(line);

    if (!middle || !first)
        return -1;
    out->ref = is_receive ? last : middle;
    out->old_id = is_receive ? first : last;
    out->new_id = is_receive ? middle : first;
    return is_id(out->old_id) && is_id(out->new_id) ? 0 : -1;
}

static size_t count_lines(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += *text == '\n';
    return n + 1;
}

static int fail_line(const cli_updates *updates, int is_receive)
{
    fprintf(stderr,
            "secscan: line %zu of standard input is not what git writes to a "
            "%s hook (%s)\n",
            updates->n + 1, is_receive ? "pre-receive" : "pre-push",
            is_receive ? "OLD-ID NEW-ID REF" : "LOCAL-REF ID REF OLD-ID");
    return CLI_EXIT_USAGE;
}

int cli_updates_read(cli_updates *out, int is_receive)
{
    size_t len;
    char *line;
    int code = read_all(&out->text, &len);

    if (code)
        return code;
    if (strlen(out->text) != len)
        return fail_line(out, is_receive);
    out->at = calloc(count_lines(out->text), sizeof(*out->at));
    if (!out->at)
        return fail("out of memory");
    for (line = out->text; *line;) {
        size_t n = strcspn(line, "\n");
        char *next = line + n + (line[n] != '\0');

        line[n] = '\0';
        if (parse(&out->at[out->n], line, is_receive))
            return fail_line(out, is_receive);
        out->n++;
        line = next;
    }
    if (!out->n && is_receive) {
        fputs("secscan: no refs on standard input: what comes in is not "
              "known\n",
              stderr);
        return CLI_EXIT_USAGE;
    }
    return 0;
}

void cli_remote_show(char *out, size_t size, const char *remote)
{
    const char *host = strstr(remote, "://");
    const char *at = host ? strrchr(host, '@') : NULL;
    size_t len = at ? (size_t)(host + 3 - remote) : 0;

    if (at && at > host + 3 + strcspn(host + 3, "/"))
        at = NULL; /* behind the host it is part of the path */
    snprintf(out, size, "%.*s%s", at ? (int)len : 0, remote,
             at ? at + 1 : remote);
}

void cli_updates_release(cli_updates *updates)
{
    free(updates->at);
    free(updates->text);
}

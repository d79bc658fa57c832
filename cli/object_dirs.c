/*
 * object_dirs.c: paths by colons; one that holds a colon is quoted as in C.
 */
#include "object_dirs.h"

#include <stdlib.h>
#include <string.h>

static int add(cli_object_dirs *dirs, const char *path, size_t len)
{
    char *own = strndup(path, len);

    if (!own)
        return -1;
    if (*own)
        dirs->at[dirs->n++] = own;
    else
        free(own);
    return 0;
}

/* What stands behind a backslash; *in moves on. */
static char unescape(const char **in)
{
    static const char names[] = "abfnrtv", values[] = "\a\b\f\n\r\t\v";
    const char *name = strchr(names, **in);
    int value = 0, n = 0;

    while (n < 3 && **in >= '0' && **in <= '7') {
        value = 8 * value + *(*in)++ - '0';
        n++;
    }
    if (n)
        return (char)value;
    if (**in && name) {
        ++*in;
        return values[name - names];
    }
    return **in ? *(*in)++ : '\\';
}

/* In place: `text` begins behind the quote. Where what follows it begins. */
static char *unquote(char *text)
{
    const char *in = text;

    while (*in && *in != '"') {
        char c = *in++;

        *text++ = c == '\\' ? unescape(&in) : c;
    }
    in += *in == '"';
    *text = '\0';
    return (char *)in;
}

static int split(cli_object_dirs *dirs, char *list)
{
    int rc = 0;

    while (!rc && *list) {
        char *path = list;

        if (*list == '"') {
            path++;
            list = unquote(path);
            rc = add(dirs, path, strlen(path));
        } else {
            list += strcspn(list, ":");
            rc = add(dirs, path, (size_t)(list - path));
        }
        list += *list == ':';
    }
    return rc;
}

static size_t count(const char *list)
{
    size_t n = 1;

    for (; *list; list++)
        n += *list == ':';
    return n;
}

int cli_object_dirs_read(cli_object_dirs *out)
{
    const char *own = getenv("GIT_OBJECT_DIRECTORY");
    const char *others = getenv("GIT_ALTERNATE_OBJECT_DIRECTORIES");
    char *list = strdup(others ? others : "");
    int rc = -1;

    if (list)
        out->at = calloc(count(list) + 1, sizeof(*out->at));
    if (out->at)
        rc = own ? add(out, own, strlen(own)) : 0;
    if (!rc)
        rc = split(out, list);
    free(list);
    return rc;
}

void cli_object_dirs_release(cli_object_dirs *dirs)
{
    for (size_t i = 0; i < dirs->n; i++)
        free(dirs->at[i]);
    free(dirs->at);
}

/*
 * bench_text.c: made-up source text, and that of files.
 */
#include "bench_text.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int make_room(bench_text *text, size_t len)
{
    size_t cap = (text->len + len) * 2;
    char *data;

    if (len <= text->cap - text->len)
        return 0;
    data = realloc(text->data, cap);
    if (!data)
        return -1;
    text->data = data;
    text->cap = cap;
    return 0;
}

void bench_text_release(bench_text *text)
{
    free(text->data);
    memset(text, 0, sizeof(*text));
}

/* ---- made-up source ---------------------------------------------------- */

/* What identifiers, comments and messages are made of. */
static const char *const words[] = {
    "account", "add",     "address", "api",     "app",     "args",    "array",
    "async",   "auth",    "base",    "block",   "body",    "buffer",  "build",
    "cache",   "call",    "check",   "class",   "client",  "close",   "code",
    "column",  "config",  "connect", "content", "context", "count",   "create",
    "data",    "date",    "debug",   "default", "delete",  "device",  "dict",
    "engine",  "entry",   "error",   "event",   "field",   "file",    "filter",
    "find",    "format",  "frame",   "get",     "group",   "handle",  "hash",
    "header",  "host",    "http",    "id",      "image",   "index",   "init",
    "input",   "item",    "json",    "label",   "last",    "layout",  "length",
    "level",   "line",    "link",    "list",    "load",    "log",     "map",
    "match",   "max",     "message", "method",  "model",   "module",  "name",
    "next",    "node",    "number",  "object",  "offset",  "option",  "order",
    "output",  "page",    "parent",  "parse",   "path",    "pattern", "point",
    "port",    "process", "profile", "project", "query",   "queue",   "range",
    "read",    "record",  "region",  "render",  "request", "reset",   "result",
    "return",  "role",    "root",    "row",     "rule",    "run",     "scan",
    "schema",  "select",  "send",    "server",  "service", "session", "set",
    "size",    "socket",  "sort",    "source",  "start",   "state",   "status",
    "stream",  "string",  "style",   "table",   "tag",     "target",  "task",
    "test",    "text",    "thread",  "time",    "title",   "tree",    "type",
    "unit",    "update",  "url",     "user",    "util",    "value",   "vector",
    "version", "view",    "visit",   "width",   "window",  "with",    "word",
    "work",    "worker",  "write"};

/* %s a word, %i an identifier of two or three, %n a number, %h a hash. */
static const char *const lines[] = {
    "    %i = %i(%s, %s)\n",
    "    if (%i->%s == %n)\n        return %i(%s->%i);\n",
    "def %i(self, %s, %s=None):\n",
    "    self.%i = %s.%i[%n]\n",
    "# %s the %s of the %s, when %i is %s\n",
    "import { %i } from './%s/%i';\n",
    "  const %i = await %s.%i(%n, '%s');\n",
    "  \"%i\": \"%s-%n\",\n",
    "  %i: %s\n",
    "    %i: [%n, %n, %n],\n",
    "static int %i(const struct %s *%s, size_t %s)\n{\n",
    "}\n\n",
    "        logger.%s(\"%s %s: %s\", %i)\n",
    "/* %s of %s: see %i. */\n",
    "    for (size_t i = 0; i < %s->n_%s; i++) {\n",
    "<%s class=\"%s-%s\" id=\"%i\">%s %s</%s>\n",
    "\"%s\" = \"sha256:%h\"\n",
    "    %i = os.environ[\"%i\"]\n",
    "        raise ValueError('%s %s %s')\n",
    "func (%s *%s) %i(%s string) error {\n",
    "https://www.example.com/%s/%s?%s=%n\n",
    "- %s %s %s the %s (%n.%n.%n)\n",
    "\t%s, err := %s.%i(ctx, &%i{%s: %n})\n",
};

/* Lines with the words that rules look for: one in RARE. */
static const char *const rare_lines[] = {
    "    %s_password = %i(%s)\n",
    "    secret = self.%i\n",
    "      api_key: str = %s.%i,\n",
    "// the token of %s: see %s\n",
    "export %s_TOKEN=$%s\n",
    "-----BEGIN CERTIFICATE-----\n%h\n-----END CERTIFICATE-----\n",
};

#define RARE 300u

typedef struct maker {
    bench_text *text;
    uint64_t state;
} maker;

static uint64_t below(maker *m, uint64_t n)
{
    uint64_t z = m->state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (z ^ (z >> 31)) % n;
}

static void put(maker *m, const char *s, size_t len)
{
    memcpy(m->text->data + m->text->len, s, len);
    m->text->len += len;
}

static void put_word(maker *m, int is_capital)
{
    const char *word = words[below(m, sizeof(words) / sizeof(*words))];
    size_t at = m->text->len;

    put(m, word, strlen(word));
    if (is_capital)
        m->text->data[at] = (char)(m->text->data[at] - 'a' + 'A');
}

static void put_identifier(maker *m)
{
    int is_camel = below(m, 2) == 0;
    uint64_t n = 2 + below(m, 2);

    for (uint64_t i = 0; i < n; i++) {
        if (i && !is_camel)
            put(m, "_", 1);
        put_word(m, i && is_camel);
    }
}

static void put_number(maker *m)
{
    char text[24];
    int len = snprintf(text, sizeof(text), "%u", (unsigned)below(m, 5000));

    put(m, text, (size_t)len);
}

static void put_hash(maker *m)
{
    for (int i = 0; i < 64; i++)
        put(m, &"0123456789abcdef"[below(m, 16)], 1);
}

static void put_placeholder(maker *m, char letter)
{
    switch (letter) {
    case 's':
        put_word(m, 0);
        break;
    case 'i':
        put_identifier(m);
        break;
    case 'n':
        put_number(m);
        break;
    default:
        put_hash(m);
    }
}

#define MAX_LINE 512u

static const char *pick_line(maker *m)
{
    if (below(m, RARE) == 0)
        return rare_lines[below(m, sizeof(rare_lines) / sizeof(*rare_lines))];
    return lines[below(m, sizeof(lines) / sizeof(*lines))];
}

int bench_text_make(bench_text *text, size_t len)
{
    maker m = {text, 1};

    if (make_room(text, len + MAX_LINE))
        return -1;
    while (text->len < len) {
        const char *line = pick_line(&m);

        for (; *line; line++) {
            if (*line == '%')
                put_placeholder(&m, *++line);
            else
                put(&m, line, 1);
        }
    }
    return 0;
}

/* ---- files --------------------------------------------------------------- */

/* What cannot be read is not measured on. */
static int add_file(bench_text *text, const char *path, size_t size)
{
    ssize_t n;
    int fd;

    if (make_room(text, size))
        return -1;
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return 0;
    n = read(fd, text->data + text->len, size);
    text->len += n > 0 ? (size_t)n : 0;
    close(fd);
    return 0;
}

static int add_entry(bench_text *text, FTS *walk, const FTSENT *entry,
                     size_t max)
{
    size_t room = max - text->len;
    size_t size;

    if (entry->fts_info == FTS_D && !strcmp(entry->fts_name, ".git"))
        fts_set(walk, (FTSENT *)entry, FTS_SKIP);
    if (entry->fts_info != FTS_F)
        return 0;
    size = (size_t)entry->fts_statp->st_size;
    return add_file(text, entry->fts_accpath, size < room ? size : room);
}

int bench_text_read(bench_text *text, const char *path, size_t max)
{
    char *const roots[] = {(char *)path, NULL};
    struct stat st;
    FTSENT *entry;
    FTS *walk;
    int rc = 0;

    if (stat(path, &st)) {
        fprintf(stderr, "secscan: %s: %s\n", path, strerror(errno));
        return -1;
    }
    walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    if (!walk)
        return -1;
    for (entry = fts_read(walk); entry && !rc && text->len < max;
         entry = fts_read(walk))
        rc = add_entry(text, walk, entry, max);
    fts_close(walk);
    return rc;
}

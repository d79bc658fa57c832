/*
 * corpus.c: files to memory.
 */
#include "corpus.h"

#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void give_up(const char *what)
{
    perror(what);
    exit(2);
}

static void make_room(corpus *c, size_t len)
{
    if (len <= c->cap - c->len)
        return;
    c->cap = (c->len + len) * 2;
    c->data = realloc(c->data, c->cap);
    if (!c->data)
        give_up("memory");
}

static void add_file(corpus *c, const char *path, size_t size)
{
    ssize_t n;
    int fd;

    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    make_room(c, size);
    n = read(fd, c->data + c->len, size);
    if (n > 0) {
        c->len += (size_t)n;
        c->n_files++;
    }
    close(fd);
}

void corpus_add(corpus *c, const char *path, size_t max)
{
    char *const roots[] = {(char *)path, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    FTSENT *entry;

    if (!walk)
        give_up(path);
    for (entry = fts_read(walk); entry && c->len < max;
         entry = fts_read(walk)) {
        if (entry->fts_info == FTS_D && !strcmp(entry->fts_name, ".git"))
            fts_set(walk, entry, FTS_SKIP);
        if (entry->fts_info == FTS_F)
            add_file(c, entry->fts_path, (size_t)entry->fts_statp->st_size);
    }
    fts_close(walk);
}

void corpus_release(corpus *c)
{
    free(c->data);
    memset(c, 0, sizeof(*c));
}

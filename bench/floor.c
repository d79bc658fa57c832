/*
 * floor.c: what no history scanner can be faster than: inflate every entry of a
 * pack once, and do nothing with it. One core, CPU time.
 *
 *     bench_floor PACK...          (each with its .idx beside it)
 */
#include "source/inflate.h"
#include "source/pack.h"
#include "source/pack_window.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct buffers {
    ss_pack_window window;
    uint8_t *inflated;
    size_t n_inflated;
} buffers;

static void give_up(const char *what)
{
    fprintf(stderr, "bench_floor: %s\n", what);
    exit(2);
}

static double cpu_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void make_room(uint8_t **data, size_t *size, size_t wanted)
{
    if (wanted <= *size)
        return;
    free(*data);
    *size = wanted * 2;
    *data = malloc(*size);
    if (!*data)
        give_up("out of memory");
}

static void inflate_entry(const ss_pack *pack, uint32_t i,
                          ss_inflater *inflater, buffers *b)
{
    const ss_pack_entry *e = &pack->entries[i];
    uint64_t end = ss_pack_entry_end(pack, i);
    secscan_error err;
    ss_bytes in;

    make_room(&b->inflated, &b->n_inflated, (size_t)e->size + 1);
    if (ss_pack_window_look(&b->window, pack->fd, e->offset,
                            (size_t)(end - e->offset), &in, &err) ||
        ss_inflate(inflater,
                   ss_bytes_of(in.data + e->header, in.len - e->header),
                   b->inflated, (size_t)e->size, NULL, &err))
        give_up(err.message);
}

static void inflate_pack(const char *path)
{
    size_t stem = strlen(path);
    double start = cpu_seconds();
    ss_inflater *inflater;
    secscan_error err;
    char index[4096];
    ss_pack *pack;
    buffers b = {.inflated = NULL};

    if (stem < 5 || stem + 1 > sizeof(index))
        give_up("not a pack");
    snprintf(index, sizeof(index), "%.*s.idx", (int)(stem - 5), path);
    if (ss_pack_open(&pack, path, index, 20, &err) ||
        ss_inflater_new(&inflater, &err))
        give_up(err.message);
    for (uint32_t i = 0; i < pack->index.n; i++)
        inflate_entry(pack, i, inflater, &b);
    printf("%u objects: %.2f s of CPU\n", pack->index.n, cpu_seconds() - start);
    ss_inflater_free(inflater);
    ss_pack_free(pack);
    ss_pack_window_release(&b.window);
    free(b.inflated);
}

int main(int argc, char **argv)
{
    if (argc < 2)
        give_up("usage: bench_floor PACK...");
    for (int i = 1; i < argc; i++)
        inflate_pack(argv[i]);
    return 0;
}

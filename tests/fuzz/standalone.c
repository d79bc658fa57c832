/*
 * standalone.c: a driver for fuzz targets without libFuzzer: replay files, and
 * with -n ROUNDS also that many random changes of each.
 *
 *     fuzz_x [-n ROUNDS] FILE|DIRECTORY...
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FILE ((size_t)1 << 20)
#define MAX_PATH_LEN 4096

static uint64_t state = 1;

static uint64_t next(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* An exact copy on the heap, so that a read past it is seen. */
static void run(const uint8_t *data, size_t len)
{
    uint8_t *copy = malloc(len ? len : 1);

    if (!copy)
        return;
    if (len)
        memcpy(copy, data, len);
    (void)LLVMFuzzerTestOneInput(copy, len);
    free(copy);
}

static size_t change(uint8_t *data, size_t len)
{
    size_t at = len ? next() % len : 0;
    size_t n;

    if (len == 0)
        return 0;
    switch (next() % 4) {
    case 0:
        data[at] = (uint8_t)next();
        return len;
    case 1: /* cut some bytes out */
        n = 1 + next() % (len - at);
        memmove(data + at, data + at + n, len - at - n);
        return len - n;
    case 2: /* say some bytes twice */
        n = 1 + next() % (len - at);
        n = n < 64 ? n : 64;
        memmove(data + at + n, data + at, len - at);
        return len + n;
    default: /* copy some bytes elsewhere */
        n = next() % len;
        data[at] = data[n];
        return len;
    }
}

static void run_changed(const uint8_t *data, size_t len, unsigned rounds)
{
    uint8_t *copy = malloc(len + 8 * 64 + 1);

    if (!copy)
        return;
    for (unsigned i = 0; i < rounds; i++) {
        size_t n = len;

        memcpy(copy, data, len);
        for (uint64_t k = 1 + next() % 7; k > 0; k--)
            n = change(copy, n);
        run(copy, n);
    }
    free(copy);
}

static int run_file(const char *path, unsigned rounds)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(MAX_FILE);
    size_t len;

    if (!file || !data) {
        fprintf(stderr, "%s: cannot be read\n", path);
        free(data);
        if (file)
            fclose(file);
        return 1;
    }
    len = fread(data, 1, MAX_FILE, file);
    fclose(file);
    run(data, len);
    run_changed(data, len, rounds);
    free(data);
    return 0;
}

static int run_path(const char *path, unsigned rounds)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    char file[MAX_PATH_LEN];
    int rc = 0;

    if (!dir)
        return run_file(path, rounds);
    for (entry = readdir(dir); entry; entry = readdir(dir)) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
        rc |= run_file(file, rounds);
    }
    closedir(dir);
    return rc;
}

int main(int argc, char **argv)
{
    unsigned rounds = 0;
    int first = 1;
    int rc = 0;

    if (argc > 2 && strcmp(argv[1], "-n") == 0) {
        rounds = (unsigned)strtoul(argv[2], NULL, 10);
        first = 3;
    }
    for (int i = first; i < argc; i++)
        rc |= run_path(argv[i], rounds);
    return rc || first >= argc;
}

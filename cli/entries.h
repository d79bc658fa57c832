/*
 * entries.h: the files that `allow` and `baseline` change.
 */
#ifndef CLI_ENTRIES_H
#define CLI_ENTRIES_H

#include <secscan.h>

typedef struct cli_entries {
    const char *path;
    secscan_entries *list;
    int is_new; /* the file is not there yet */
} cli_entries;

/* Read the file, or start one with `head`, a comment. 0, or the exit code; what
 * is wrong has been said. `path` is borrowed. */
int cli_entries_open(cli_entries *out, const char *path, const char *head);
/* Write it, whole or not at all. 0, or the exit code. */
int cli_entries_save(const cli_entries *entries);
void cli_entries_close(cli_entries *entries);

/* The directory of the files for `path`, and the file in it; the caller frees
 * both. NULL: out of memory, or there is no such path. */
char *cli_root_of(const char *path);
char *cli_path_in(const char *dir, const char *name);

#endif

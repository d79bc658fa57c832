/*
 * object_dirs.h: where git keeps objects while its hooks run.
 */
#ifndef CLI_OBJECT_DIRS_H
#define CLI_OBJECT_DIRS_H

#include <stddef.h>

typedef struct cli_object_dirs {
    char **at;
    size_t n;
} cli_object_dirs;

/* Of GIT_OBJECT_DIRECTORY and GIT_ALTERNATE_OBJECT_DIRECTORIES. Nonzero: out of
 * memory. */
int cli_object_dirs_read(cli_object_dirs *out);
void cli_object_dirs_release(cli_object_dirs *dirs);

#endif

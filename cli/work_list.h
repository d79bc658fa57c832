/*
 * work_list.h: ids of commits in a file, one a line: what a deadline has left
 * for a later scan.
 */
#ifndef CLI_WORK_LIST_H
#define CLI_WORK_LIST_H

#include <stddef.h>

typedef struct cli_work_list {
    char **ids;
    size_t n, cap;
} cli_work_list;

/* Nonzero: out of memory. */
int cli_work_list_add(cli_work_list *list, const char *id);
/* 0, or -1: it has been said. */
int cli_work_list_write(const cli_work_list *list, const char *path);
/* 0, or the exit code; what is wrong has been said. */
int cli_work_list_read(cli_work_list *list, const char *path);
void cli_work_list_release(cli_work_list *list);

#endif

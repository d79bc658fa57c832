/*
 * hook_script.h: the file that git calls, and the programs that manage such
 * files for others.
 */
#ifndef CLI_HOOK_SCRIPT_H
#define CLI_HOOK_SCRIPT_H

#include <stdio.h>

typedef struct cli_hook {
    const char *name; /* "pre-push" */
    const char *way;  /* around it, once; NULL: none */
    int has_lines;    /* git writes refs to it */
} cli_hook;

extern const cli_hook cli_hooks[]; /* ends with a row without a name */
/* NULL: there is none. */
const cli_hook *cli_hook_find(const char *name);

/* The script, which runs the program at that path. */
void cli_hook_write(FILE *out, const cli_hook *hook, const char *program);
/* Has a text been written by the above? */
int cli_hook_is_ours(const char *text);
/* The program that a script of ours runs, into `out`; -1: it is not found. */
int cli_hook_program(char *out, size_t size, const char *text);

/* A program that writes hooks itself. */
typedef struct cli_hook_manager {
    const char *name;
    const char *mark;         /* in the hooks that it writes */
    const char *const *files; /* in a work tree that uses it; ends with NULL */
    const char *where;        /* the lines below go; %s is the hook */
    /* Print what to add. */
    void (*put_lines)(FILE *out, const cli_hook *hook);
} cli_hook_manager;

/* By the hook that is there ("" when there is none), the directory of hooks,
 * and the files of the work tree (NULL: none). NULL: nobody manages it. */
const cli_hook_manager *cli_hook_manager_find(const char *text,
                                              const char *hooks_dir,
                                              const char *work_dir);

#endif

/*
 * updates.h: the refs of a push, as git writes them to a hook.
 */
#ifndef CLI_UPDATES_H
#define CLI_UPDATES_H

#include <secscan_git.h>

typedef struct cli_updates {
    secscan_git_update *at; /* strings in `text` */
    size_t n;
    char *text;
} cli_updates;

/* From standard input. Of pre-receive a line is "OLD NEW REF", of pre-push
 * "LOCAL-REF NEW REF OLD". 0, or the exit code; what is wrong has been said. */
int cli_updates_read(cli_updates *out, int is_receive);
/* A remote as it may be shown: of a URL without user and password. */
void cli_remote_show(char *out, size_t size, const char *remote);
void cli_updates_release(cli_updates *updates);

#endif

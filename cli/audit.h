/*
 * audit.h: what was let through although it was found, one JSON line each time,
 * in a file that is only ever appended to. Never a secret.
 */
#ifndef CLI_AUDIT_H
#define CLI_AUDIT_H

#include <secscan_git.h>

/* The secret, and what stands for it when it is encoded (len 0). */
enum { CLI_AUDIT_SECRET, CLI_AUDIT_ENCODED, CLI_AUDIT_N_HIDDEN };

/* A finding, copied; what is `hidden` is kept to be masked in all the rest. */
typedef struct cli_audit_finding {
    char *fingerprint, *rule, *path, *commit;
    char *reason; /* of the push option that names it; NULL */
    struct {
        char *data;
        size_t len;
    } hidden[CLI_AUDIT_N_HIDDEN];
} cli_audit_finding;

typedef struct cli_audit {
    const char *event;  /* "pre-commit", "pre-push", "pre-receive" */
    const char *reason; /* of SECSCAN_SKIP; NULL */
    const char *remote; /* NULL: none */
    const secscan_git_update *updates;
    size_t n_updates;
    int is_complete;
    cli_audit_finding *at;
    size_t n, cap;
} cli_audit;

/* Nonzero: out of memory. */
int cli_audit_add(cli_audit *audit, const secscan_finding *finding,
                  const char *reason);
/* Append the line to the file at `path`, made with mode 0600. 0, or -1: it is
 * not recorded, which has been said. */
int cli_audit_write(const cli_audit *audit, const char *path);
void cli_audit_release(cli_audit *audit);

#endif

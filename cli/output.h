/*
 * output.h: where the report goes: standard output, or a file that is there
 * whole or not at all.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <secscan.h>

#include <stddef.h>

typedef struct cli_output {
    int fd;
    int is_broken_pipe; /* the reader has gone: no error */
    int error;          /* errno of the first failure, or 0 */
    const char *path;   /* NULL: standard output */
    char *temporary;    /* renamed to path at the end; NULL: none */
} cli_output;

/* 0, or 2 (said on standard error). `path` is borrowed; NULL and "-" are
 * standard output. A private file is readable by its owner only. */
int cli_output_open(cli_output *out, const char *path, int is_private);
/* A secscan_write_fn. */
int cli_output_write(void *ctx, const char *data, size_t len);
/* Put the file in its place. 0, or -1 (said on standard error). */
int cli_output_commit(cli_output *out);
/* Commit what was written with the status `rc`. 0, or the exit code (said). */
int cli_output_end(cli_output *out, int rc, const secscan_error *err);
/* Without commit the file is as it was before. */
void cli_output_close(cli_output *out);

#endif

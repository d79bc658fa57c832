/*
 * output.c: write(2) until all is out; a file is written beside its place and
 * renamed, so that a reader never sees half a report.
 */
#include "output.h"

#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int fail(const char *path, const char *what)
{
    fprintf(stderr, "secscan: %s cannot be %s: %s\n", path, what,
            strerror(errno));
    return 2;
}

/* What is no file (a terminal, a pipe, /dev/null) is written to as it is. */
static int is_special(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static mode_t file_mode(int is_private)
{
    mode_t mask = umask(0);

    umask(mask);
    return is_private ? 0600 : 0666 & ~mask;
}

static int open_temporary(cli_output *out, int is_private)
{
    size_t size = strlen(out->path) + sizeof(".XXXXXX");

    out->temporary = malloc(size);
    if (!out->temporary)
        return fail(out->path, "written");
    snprintf(out->temporary, size, "%s.XXXXXX", out->path);
    out->fd = mkostemp(out->temporary, O_CLOEXEC);
    if (out->fd < 0) {
        free(out->temporary);
        out->temporary = NULL;
        return fail(out->path, "written");
    }
    fchmod(out->fd, file_mode(is_private));
    return 0;
}

int cli_output_open(cli_output *out, const char *path, int is_private)
{
    *out = (cli_output){STDOUT_FILENO, 0, 0, NULL, NULL};
    if (!path || strcmp(path, "-") == 0)
        return 0;
    out->path = path;
    if (!is_special(path))
        return open_temporary(out, is_private);
    out->fd = open(path, O_WRONLY | O_CLOEXEC);
    return out->fd < 0 ? fail(path, "written") : 0;
}

int cli_output_write(void *ctx, const char *data, size_t len)
{
    cli_output *out = ctx;

    while (len > 0) {
        ssize_t n = write(out->fd, data, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            out->is_broken_pipe = errno == EPIPE;
            out->error = errno;
            return -1;
        }
        data += n;
        len -= (size_t)n;
    }
    return 0;
}

int cli_output_commit(cli_output *out)
{
    if (out->error && !out->is_broken_pipe) {
        errno = out->error;
        fail(out->path ? out->path : "standard output", "written");
        return -1;
    }
    if (!out->temporary)
        return 0;
    if (fsync(out->fd) || rename(out->temporary, out->path)) {
        fail(out->path, "written");
        return -1;
    }
    free(out->temporary);
    out->temporary = NULL;
    return 0;
}

int cli_output_end(cli_output *out, int rc, const secscan_error *err)
{
    if (rc && !out->error)
        return cli_fail(err, rc);
    return cli_output_commit(out) ? CLI_EXIT_INTERNAL : 0;
}

void cli_output_close(cli_output *out)
{
    if (out->temporary)
        unlink(out->temporary);
    free(out->temporary);
    out->temporary = NULL;
    if (out->path && out->fd >= 0)
        close(out->fd);
}

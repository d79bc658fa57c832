/*
 * work_list.c: written whole or not at all; read strictly: a line that is no id
 * would be a commit that nobody scans.
 */
#include "work_list.h"

#include "command.h"
#include "output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char head[] = "# secscan work list: commits that a deadline has "
                           "left; secscan --work-list FILE\n";

int cli_work_list_add(cli_work_list *list, const char *id)
{
    char *own = strdup(id);

    if (own && list->n == list->cap) {
        size_t cap = list->cap ? 2 * list->cap : 64;
        char **more = realloc(list->ids, cap * sizeof(*more));

        if (more) {
            list->ids = more;
            list->cap = cap;
        }
    }
    if (!own || list->n == list->cap) {
        free(own);
        return -1;
    }
    list->ids[list->n++] = own;
    return 0;
}

int cli_work_list_write(const cli_work_list *list, const char *path)
{
    cli_output out;
    int rc = cli_output_open(&out, path, 0);

    if (rc)
        return -1;
    rc = cli_output_write(&out, head, sizeof(head) - 1);
    for (size_t i = 0; !rc && i < list->n; i++) {
        rc = cli_output_write(&out, list->ids[i], strlen(list->ids[i]));
        if (!rc)
            rc = cli_output_write(&out, "\n", 1);
    }
    if (cli_output_commit(&out)) /* says why */
        rc = -1;
    cli_output_close(&out);
    return rc;
}

static int fail_line(const char *path, size_t line)
{
    fprintf(stderr, "secscan: %s:%zu: not the id of a commit\n", path, line);
    return CLI_EXIT_USAGE;
}

static int read_line(cli_work_list *list, char *line)
{
    size_t len = strcspn(line, "\r\n");

    line[len] = '\0';
    if (!len || *line == '#')
        return 0;
    if ((len != 40 && len != 64) || strspn(line, "0123456789abcdef") != len)
        return -1;
    return cli_work_list_add(list, line);
}

int cli_work_list_read(cli_work_list *list, const char *path)
{
    FILE *file = fopen(path, "r");
    char line[512];
    size_t n = 0;
    int code = 0;

    if (!file) {
        fprintf(stderr, "secscan: %s: %s\n", path, strerror(errno));
        return CLI_EXIT_USAGE;
    }
    while (!code && fgets(line, sizeof(line), file)) {
        n++;
        if (read_line(list, line))
            code = fail_line(path, n);
    }
    if (!code && ferror(file)) {
        fprintf(stderr, "secscan: %s: %s\n", path, strerror(errno));
        code = CLI_EXIT_USAGE;
    }
    fclose(file);
    if (!code && !list->n) {
        fprintf(stderr, "secscan: %s lists no commits\n", path);
        code = CLI_EXIT_USAGE;
    }
    return code;
}

void cli_work_list_release(cli_work_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->ids[i]);
    free(list->ids);
}

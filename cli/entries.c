/*
 * entries.c: .secscanignore and baselines as files.
 */
#include "entries.h"

#include "command.h"
#include "output.h"
#include "policy.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int cli_entries_open(cli_entries *out, const char *path, const char *head)
{
    secscan_error err = {0};
    char *data = NULL;
    size_t len = strlen(head);
    int rc = 0;

    *out = (cli_entries){.path = path, .is_new = access(path, F_OK) != 0};
    if (!out->is_new)
        rc = cli_read_file(&data, &len, path, &err);
    if (!rc)
        rc = secscan_entries_parse(&out->list, data ? data : head, len, &err);
    free(data);
    return rc ? cli_fail(&err, rc) : 0;
}

int cli_entries_save(const cli_entries *entries)
{
    secscan_error err = {0};
    cli_output out;
    int code = cli_output_open(&out, entries->path, 0);
    int rc;

    if (code)
        return code;
    rc = secscan_entries_write(entries->list, cli_output_write, &out, &err);
    code = cli_output_end(&out, rc, &err);
    cli_output_close(&out);
    return code;
}

void cli_entries_close(cli_entries *entries)
{
    secscan_entries_free(entries->list);
    entries->list = NULL;
}

char *cli_path_in(const char *dir, const char *name)
{
    size_t size = strlen(dir) + strlen(name) + 2;
    char *path = malloc(size);

    if (path)
        snprintf(path, size, "%s/%s", dir, name);
    return path;
}

char *cli_root_of(const char *path)
{
    const secscan_policy_options options = {.size = sizeof(options),
                                            .flags = SECSCAN_POLICY_NO_FILES};
    secscan_policy *policy = NULL;
    char *root = NULL;

    if (secscan_policy_find(&policy, path, &options, NULL) == 0 &&
        secscan_policy_root(policy))
        root = strdup(secscan_policy_root(policy));
    secscan_policy_free(policy);
    return root;
}

/*
 * config_find.c: which configuration a scan goes by: named, in the environment,
 * found at the target or above it, up to the root of its repository, or at the
 * root of the commit that a change was made from.
 */
#include "config_find.h"

#include "command.h"
#include "policy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int is_there(const char *dir, const char *name)
{
    char path[CLI_PATH_MAX + 32];
    struct stat st;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    return stat(path, &st) == 0;
}

/* The folder of the target, without links; 0 when there is none. */
static int target_folder(char out[CLI_PATH_MAX], const cli_args *args)
{
    const char *target = args->n_operands ? args->operands[0] : ".";
    char *real = realpath(cli_args_is_stdin(args) ? "." : target, NULL);
    struct stat st;
    char *slash;
    int fits;

    if (!real)
        return 0;
    fits = strlen(real) < CLI_PATH_MAX;
    if (fits)
        strcpy(out, real);
    free(real);
    if (!fits)
        return 0;
    slash = strrchr(out, '/');
    if (stat(out, &st) == 0 && !S_ISDIR(st.st_mode) && slash)
        *(slash == out ? slash + 1 : slash) = '\0';
    return 1;
}

/* Cut the last part off; 0 at the root of the file system. */
static int go_up(char *dir)
{
    char *slash = strrchr(dir, '/');

    if (!slash || !dir[1])
        return 0;
    *(slash == dir ? slash + 1 : slash) = '\0';
    return 1;
}

/* The repository's root; the folder itself when there is none above. */
static void find_root(char root[CLI_PATH_MAX], const char *folder)
{
    char dir[CLI_PATH_MAX];

    strcpy(root, folder);
    strcpy(dir, folder);
    do {
        if (is_there(dir, ".git")) {
            strcpy(root, dir);
            return;
        }
    } while (go_up(dir));
}

static void take_path(cli_config *config, cli_config_source source,
                      const char *dir, const char *name)
{
    config->source = source;
    snprintf(config->path, sizeof(config->path), "%.*s/%s", CLI_PATH_MAX - 32,
             strcmp(dir, "/") ? dir : "", name);
}

static void find_own(cli_config *config, const char *folder)
{
    char dir[CLI_PATH_MAX];

    strcpy(dir, folder);
    for (;;) {
        if (is_there(dir, ".secscan.toml")) {
            take_path(config, CLI_CONFIG_OWN, dir, ".secscan.toml");
            return;
        }
        if (!strcmp(dir, config->root) || !go_up(dir))
            return;
    }
}

static int take_environment(cli_config *config, cli_config_source source,
                            const char *name)
{
    const char *value = getenv(name);

    if (!value || !*value)
        return 0;
    config->source = source;
    if (source == CLI_CONFIG_GITLEAKS_TOML)
        config->text = value;
    else
        snprintf(config->path, sizeof(config->path), "%s", value);
    return 1;
}

static void find_files(cli_config *config)
{
    char folder[CLI_PATH_MAX];

    if (!target_folder(folder, &config->args))
        return;
    find_root(config->root, folder);
    find_own(config, folder);
    if (config->source == CLI_CONFIG_BUILTIN &&
        is_there(folder, ".gitleaks.toml"))
        take_path(config, CLI_CONFIG_FOUND_GITLEAKS, folder, ".gitleaks.toml");
}

/* ---- what a change was made from ---- */

static const char *const names[] = {".secscan.toml", ".gitleaks.toml", NULL};

static void take_base(cli_config *config)
{
    const secscan_git_file *base = config->base;

    if (!base->name)
        return;
    config->source = strcmp(base->name, names[0]) == 0
                         ? CLI_CONFIG_OWN
                         : CLI_CONFIG_FOUND_GITLEAKS;
    config->text = base->text;
    snprintf(config->path, sizeof(config->path), "%.10s:%s", base->commit,
             base->name);
}

/* A repository that cannot be read has none: the scan says why. */
static int read_base(cli_config *config, const secscan_git_options *git)
{
    secscan_git_options options = *git;
    secscan_error err = {0};
    int rc;

    if (options.mode == SECSCAN_GIT_HISTORY)
        options.gate_ref = config->args.gate_ref;
    rc = secscan_git_base_file(
        &config->base, cli_repository(&config->args), names, &options,
        cli_adopts(&config->args) ? SECSCAN_POLICY_ADOPT : 0, &err);
    if (rc == SECSCAN_ERR_RULE || rc == SECSCAN_ERR_NOMEM)
        return cli_fail(&err, rc);
    if (!rc)
        take_base(config);
    return 0;
}

static int take_any_environment(cli_config *config)
{
    return take_environment(config, CLI_CONFIG_SECSCAN, "SECSCAN_CONFIG") ||
           take_environment(config, CLI_CONFIG_GITLEAKS, "GITLEAKS_CONFIG") ||
           take_environment(config, CLI_CONFIG_GITLEAKS_TOML,
                            "GITLEAKS_CONFIG_TOML");
}

int cli_config_find(cli_config *config, const secscan_git_options *git)
{
    int code;

    if (config->args.files.n) {
        config->source = CLI_CONFIG_FLAG;
        snprintf(config->path, sizeof(config->path), "%s",
                 config->args.files.at[0]);
        return 0;
    }
    if (take_any_environment(config) || config->args.has_no_repo_config)
        return 0;
    code = git ? read_base(config, git) : 0;
    if (!code && (!git || (config->base && config->base->is_work_tree)))
        find_files(config);
    return code;
}

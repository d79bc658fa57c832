/*
 * policy.c: read the files that options name, and make the policy of a scan.
 */
#include "policy.h"

#include "clock.h"
#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FILE ((size_t)64 << 20)

/* ---- files ---- */

static int fail(secscan_error *err, const char *path, const char *why)
{
    snprintf(err->message, sizeof(err->message), "%.150s: %.80s", path, why);
    return err->code = SECSCAN_ERR_ARG;
}

/* All of it, doubling the memory. */
static char *read_all(FILE *file, size_t *len)
{
    size_t size = 1 << 16;
    char *data = malloc(size);

    *len = 0;
    while (data) {
        size_t n = fread(data + *len, 1, size - *len, file);
        char *more;

        *len += n;
        if (!n || *len > MAX_FILE)
            return data;
        if (*len < size)
            continue;
        size *= 2;
        more = realloc(data, size);
        if (!more)
            free(data);
        data = more;
    }
    return NULL;
}

int cli_read_file(char **out, size_t *len, const char *path, secscan_error *err)
{
    FILE *file = fopen(path, "rb");
    int rc = 0;

    *out = NULL;
    if (!file)
        return fail(err, path, strerror(errno));
    errno = 0;
    *out = read_all(file, len);
    if (!*out || ferror(file))
        rc = fail(err, path, strerror(errno ? errno : ENOMEM));
    else if (*len > MAX_FILE)
        rc = fail(err, path, "too large");
    fclose(file);
    if (rc) {
        free(*out);
        *out = NULL;
    }
    return rc;
}

/* ---- the options ---- */

/* As 20270131. */
static uint32_t today(void)
{
    char day[CLI_DAY];
    uint32_t number = 0;

    for (const char *c = cli_clock_today(day); *c; c++) {
        if (*c != '-')
            number = number * 10 + (uint32_t)(*c - '0');
    }
    return number;
}

/* What is on its way out is whoever sends it: what has just been allowed
 * counts. Servers judge by what they have. */
int cli_adopts(const cli_args *args)
{
    return args->adopts || args->mode == CLI_PRE_COMMIT ||
           args->mode == CLI_PRE_PUSH;
}

/* What was asked for, and the day. */
static secscan_policy_options options_of(const cli_args *args)
{
    secscan_policy_options options = {.size = sizeof(options)};

    options.today = today();
    if (args->has_no_inline)
        options.flags |= SECSCAN_POLICY_NO_INLINE;
    if (args->ignores_gitleaks_allow)
        options.flags |= SECSCAN_POLICY_NO_GITLEAKS;
    if (args->has_no_repo_config)
        options.flags |= SECSCAN_POLICY_NO_FILES;
    if (cli_adopts(args))
        options.flags |= SECSCAN_POLICY_ADOPT;
    return options;
}

static int is_directory(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Of a directory, the file in it, which need not be there. */
static int read_gitleaks_ignore(secscan_policy_text *out, char **data,
                                const char *path, secscan_error *err)
{
    char whole[4096];

    out->kind = SECSCAN_POLICY_GITLEAKS_IGNORE;
    out->name = ".gitleaksignore";
    if (is_directory(path)) {
        snprintf(whole, sizeof(whole), "%s/.gitleaksignore", path);
        path = whole;
        if (access(path, F_OK))
            return 0;
    } else {
        out->name = path;
    }
    return cli_read_file(data, &out->len, path, err);
}

static int make(secscan_policy **out, const cli_args *args,
                const secscan_git_options *git,
                const secscan_policy_options *options, secscan_error *err)
{
    const char *path = cli_repository(args);
    int rc;

    if (cli_args_is_stdin(args))
        path = ".";
    if (!git)
        return secscan_policy_find(out, path, options, err);
    rc = secscan_git_policy(out, path, git, options, err);
    if (rc != SECSCAN_ERR_GIT && rc != SECSCAN_ERR_CORRUPT &&
        rc != SECSCAN_ERR_IO)
        return rc;
    *err = (secscan_error){.code = 0};
    *out = NULL;
    return 0;
}

int cli_policy(secscan_policy **out, const cli_args *args,
               const secscan_git_options *git, secscan_error *err)
{
    secscan_policy_options options = options_of(args);
    size_t n = args->baselines.n;
    secscan_policy_text *texts = calloc(n + 1, sizeof(*texts));
    char **data = calloc(n + 1, sizeof(*data));
    int rc = texts && data ? 0 : SECSCAN_ERR_NOMEM;

    for (size_t i = 0; !rc && i < n; i++) {
        texts[i].kind = SECSCAN_POLICY_BASELINE;
        texts[i].name = args->baselines.at[i];
        rc = cli_read_file(&data[i], &texts[i].len, texts[i].name, err);
        texts[i].data = data[i];
    }
    if (!rc && args->gitleaks_ignore) {
        rc = read_gitleaks_ignore(&texts[n], &data[n], args->gitleaks_ignore,
                                  err);
        texts[n].data = data[n];
    }
    options.texts = texts;
    options.n_texts = n + (args->gitleaks_ignore ? 1 : 0);
    if (!rc)
        rc = make(out, args, git, &options, err);
    for (size_t i = 0; data && i <= n; i++)
        free(data[i]);
    free(data);
    free(texts);
    return rc;
}

/*
 * hook_script.c: a small sh file. What it cannot do stops what git is about to
 * do, and says the way out. What was there before runs after it, with the same
 * input: a hook that uploads something does so only when nothing was found.
 */
#include "hook_script.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const cli_hook cli_hooks[] = {
    {"pre-commit", "git commit --no-verify", 0},
    {"pre-push", "git push --no-verify", 1},
    {"pre-receive", NULL, 1},
    {NULL, NULL, 0},
};

static const char mark[] = "# secscan hook: ";
static const char assignment[] = "\nsecscan='";

const cli_hook *cli_hook_find(const char *name)
{
    for (const cli_hook *hook = cli_hooks; hook->name; hook++) {
        if (strcmp(hook->name, name) == 0)
            return hook;
    }
    return NULL;
}

/* ---- the script --------------------------------------------------------- */

static void put_quoted(FILE *out, const char *s)
{
    fputc('\'', out);
    for (; *s; s++) {
        if (*s == '\'')
            fputs("'\\''", out);
        else
            fputc(*s, out);
    }
    fputc('\'', out);
}

static void put_gone(FILE *out, const cli_hook *hook)
{
    fprintf(out,
            "if [ ! -x \"$secscan\" ]; then\n"
            "    echo \"secscan: $secscan is gone: nothing was checked, so"
            " nothing is let through\" >&2\n"
            "    echo \"secscan: install it again, then: secscan hook install"
            " %s\" >&2\n",
            hook->name);
    if (hook->way)
        fprintf(out, "    echo \"secscan: once without it: %s\" >&2\n",
                hook->way);
    fputs("    echo \"secscan: for good without it: rm '$0'\" >&2\n"
          "    exit 3\n"
          "fi\n",
          out);
}

static void put_run(FILE *out, const cli_hook *hook)
{
    const char *call = strcmp(hook->name, "pre-push") == 0 ? " -- \"$@\"" : "";

    fprintf(out,
            "[ -x \"$chained\" ] || "
            "exec \"$secscan\" --%s --profile block%s\n",
            hook->name, call);
    if (!hook->has_lines) {
        fprintf(out,
                "\"$secscan\" --%s --profile block%s || exit\n"
                "exec \"$chained\" \"$@\"\n",
                hook->name, call);
        return;
    }
    fprintf(out,
            "lines=$(cat && echo .) || exit 3\n"
            "lines=${lines%%.}\n"
            "printf %%s \"$lines\" |\n"
            "    \"$secscan\" --%s --profile block%s || exit\n"
            "printf %%s \"$lines\" | \"$chained\" \"$@\"\n",
            hook->name, call);
}

void cli_hook_write(FILE *out, const cli_hook *hook, const char *program)
{
    fprintf(out,
            "#!/bin/sh\n"
            "%smade by `secscan hook install %s`, removed by\n"
            "# `secscan hook uninstall %s`. A hook that was here before runs "
            "after it.\n"
            "secscan=",
            mark, hook->name, hook->name);
    put_quoted(out, program);
    fprintf(out, "\nchained=${0%%/*}/%s.secscan-chained\n", hook->name);
    put_gone(out, hook);
    put_run(out, hook);
}

int cli_hook_is_ours(const char *text)
{
    const char *line = strchr(text, '\n');

    return line && strncmp(line + 1, mark, sizeof(mark) - 1) == 0;
}

int cli_hook_program(char *out, size_t size, const char *text)
{
    const char *at = strstr(text, assignment);
    size_t len = 0;

    if (!at)
        return -1;
    at += sizeof(assignment) - 1;
    while (*at && len + 1 < size) {
        if (strncmp(at, "'\\''", 4) == 0)
            at += 3; /* the last of them is the quote itself */
        else if (*at == '\'')
            break;
        out[len++] = *at++;
    }
    out[len] = '\0';
    return *at == '\'' ? 0 : -1;
}

/* ---- managers ----------------------------------------------------------- */

static void put_husky(FILE *out, const cli_hook *hook)
{
    fprintf(out, "    secscan --%s --profile block%s\n", hook->name,
            hook->has_lines ? " -- \"$@\"" : "");
}

static void put_lefthook(FILE *out, const cli_hook *hook)
{
    fprintf(out,
            "    %s:\n"
            "      commands:\n"
            "        secscan:\n"
            "          run: secscan --%s --profile block%s\n",
            hook->name, hook->name, hook->has_lines ? " -- {1} {2}" : "");
    if (hook->has_lines)
        fputs("          use_stdin: true\n", out);
}

/* The framework keeps git's lines for itself and names the range. */
static void put_pre_commit(FILE *out, const cli_hook *hook)
{
    fprintf(out,
            "      - repo: local\n"
            "        hooks:\n"
            "          - id: secscan\n"
            "            name: secscan\n"
            "            entry: %s\n"
            "            language: system\n"
            "            stages: [%s]\n"
            "            pass_filenames: false\n"
            "            always_run: true\n",
            hook->has_lines
                ? "sh -c 'secscan --range "
                  "\"$PRE_COMMIT_FROM_REF..$PRE_COMMIT_TO_REF\" --profile "
                  "block'"
                : "secscan --pre-commit --profile block",
            hook->name);
}

static const char *const husky_files[] = {".husky", NULL};
static const char *const lefthook_files[] = {"lefthook.yml",
                                             "lefthook.yaml",
                                             ".lefthook.yml",
                                             ".lefthook.yaml",
                                             "lefthook.toml",
                                             "lefthook.json",
                                             NULL};
static const char *const pre_commit_files[] = {".pre-commit-config.yaml", NULL};

static const cli_hook_manager managers[] = {
    {"husky", "husky", husky_files, ".husky/%s", put_husky},
    {"lefthook", "lefthook", lefthook_files, "lefthook.yml", put_lefthook},
    {"pre-commit", "pre-commit.com", pre_commit_files,
     ".pre-commit-config.yaml", put_pre_commit},
};

static int has_file(const char *dir, const char *name)
{
    size_t size = strlen(dir) + strlen(name) + 2;
    char *path = malloc(size);
    struct stat st;
    int is_there = 0;

    if (path) {
        snprintf(path, size, "%s/%s", dir, name);
        is_there = stat(path, &st) == 0;
    }
    free(path);
    return is_there;
}

static int is_manager(const cli_hook_manager *m, const char *text,
                      const char *hooks_dir, const char *work_dir)
{
    if (strstr(text, m->mark))
        return 1;
    if (m->files == husky_files && strstr(hooks_dir, "/.husky/"))
        return 1;
    for (size_t i = 0; work_dir && m->files[i]; i++) {
        if (has_file(work_dir, m->files[i]))
            return 1;
    }
    return 0;
}

const cli_hook_manager *cli_hook_manager_find(const char *text,
                                              const char *hooks_dir,
                                              const char *work_dir)
{
    for (size_t i = 0; i < sizeof(managers) / sizeof(managers[0]); i++) {
        if (is_manager(&managers[i], text, hooks_dir, work_dir))
            return &managers[i];
    }
    return NULL;
}

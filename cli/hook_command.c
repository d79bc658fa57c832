/*
 * hook_command.c: secscan hook install | uninstall | status: where git looks
 * for hooks, without setting where that is.
 */
#include "command.h"
#include "hook_script.h"

#include <secscan_git.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_PATH_LEN 4096
#define MAX_HOOK ((size_t)1 << 20)

typedef struct hook {
    const cli_args *args;
    const secscan_git_location *at;
    const cli_hook *is;
    char dir[MAX_PATH_LEN];     /* with a slash at its end */
    char path[MAX_PATH_LEN];    /* of the hook */
    char chained[MAX_PATH_LEN]; /* of the one that runs after ours */
    char program[MAX_PATH_LEN]; /* this one */
    char *text;                 /* what is there; "" when nothing is */
    int is_there;
} hook;

static int fail(const char *path, const char *what)
{
    fprintf(stderr, "secscan: %s cannot be %s: %s\n", path, what,
            strerror(errno));
    return CLI_EXIT_USAGE;
}

/* ---- what is there ------------------------------------------------------ */

static int read_text(char **out, const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t len;

    *out = calloc(1, MAX_HOOK + 1);
    if (!*out || !file) {
        if (file)
            fclose(file);
        return *out && errno == ENOENT ? 0 : fail(path, "read");
    }
    len = fread(*out, 1, MAX_HOOK, file);
    (*out)[len] = '\0';
    fclose(file);
    return 0;
}

static int join(char out[MAX_PATH_LEN], const char *dir, const char *name,
                const char *end)
{
    int n = snprintf(out, MAX_PATH_LEN, "%s%s%s", dir, name, end);

    if (n >= 0 && n < MAX_PATH_LEN)
        return 0;
    errno = ENAMETOOLONG;
    return fail(dir, "used");
}

static int is_ours(const hook *h)
{
    return cli_hook_is_ours(h->text);
}

static int find_hook(hook *h, const cli_hook *is)
{
    struct stat st;
    int code;

    h->is = is;
    free(h->text);
    h->text = NULL;
    code = join(h->path, h->dir, is->name, "");
    if (!code)
        code = join(h->chained, h->path, ".secscan-chained", "");
    if (code)
        return code;
    h->is_there = lstat(h->path, &st) == 0;
    return read_text(&h->text, h->path);
}

static int is_executable(const char *path)
{
    return access(path, X_OK) == 0;
}

/* The path by which this program was started, whatever it was called. */
static int find_program(hook *h)
{
    ssize_t n = readlink("/proc/self/exe", h->program, MAX_PATH_LEN - 1);

    if (n > 0) {
        h->program[n] = '\0';
        if (is_executable(h->program))
            return 0;
    }
    fputs("secscan: the path of this program cannot be found\n", stderr);
    return CLI_EXIT_INTERNAL;
}

/* ---- install ------------------------------------------------------------ */

static int make_dir(const char *dir)
{
    return mkdir(dir, 0777) && errno != EEXIST ? fail(dir, "made") : 0;
}

static int make_dirs(const hook *h)
{
    int code = h->args->is_template ? make_dir(h->at->template_dir) : 0;

    return code ? code : make_dir(h->dir);
}

static mode_t file_mode(void)
{
    mode_t mask = umask(0);

    umask(mask);
    return 0777 & ~mask;
}

static int write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
    size_t len = strlen(text);
    int rc;

    if (fd < 0)
        return fail(path, "made");
    rc = write(fd, text, len) == (ssize_t)len ? 0 : -1;
    if (!rc)
        rc = fchmod(fd, file_mode());
    if (rc)
        fail(path, "written");
    close(fd);
    return rc ? CLI_EXIT_USAGE : 0;
}

/* Beside its place, then renamed: git never sees half a hook. */
static int put_script(const hook *h, const char *text)
{
    char new_path[MAX_PATH_LEN];
    int code = join(new_path, h->path, ".secscan-new", "");

    if (code)
        return code;
    unlink(new_path); /* of an install that was cut off */
    code = write_file(new_path, text);
    if (!code && rename(new_path, h->path))
        code = fail(h->path, "written");
    if (code)
        unlink(new_path);
    return code;
}

/* A second name first: at no time is there no hook. */
static int keep_beside(const hook *h, const char *path, const char *what)
{
    if (link(h->path, path) && (errno == EEXIST || rename(h->path, path)))
        return fail(h->path, what);
    return 0;
}

static int tell_taken(const hook *h)
{
    fprintf(stderr,
            "secscan: %s is another hook, and %s is taken: nothing was "
            "changed. Move one of them, or use --force\n",
            h->path, h->chained);
    return CLI_EXIT_USAGE;
}

/* What is there runs after ours; with --force it is only kept. */
static int keep_other(const hook *h)
{
    char saved[MAX_PATH_LEN];
    struct stat st;
    int code;

    if (!h->is_there || is_ours(h))
        return 0;
    if (!h->args->is_forced) {
        if (lstat(h->chained, &st) == 0)
            return tell_taken(h);
        code = keep_beside(h, h->chained, "kept");
        if (!code)
            printf("secscan: the hook that was there runs after it: %s\n",
                   h->chained);
        return code;
    }
    code = join(saved, h->path, ".secscan-saved", "");
    if (!code)
        code = keep_beside(h, saved, "kept");
    if (!code)
        printf("secscan: the hook that was there is kept: %s\n", saved);
    return code;
}

static int is_below(const char *dir, const char *top)
{
    size_t len = top ? strlen(top) : 0;

    return len && strncmp(dir, top, len) == 0 && dir[len] == '/' &&
           strncmp(dir + len, "/.git/", 6) != 0;
}

static void tell_where(const hook *h)
{
    if (h->args->is_template) {
        puts("secscan: repositories that git makes or clones from now on have "
             "it");
        return;
    }
    if (h->at->hooks_file)
        printf("secscan: core.hooksPath (%s) leads there: for every repository "
               "that it is set for\n",
               h->at->hooks_file);
    if (is_below(h->dir, h->at->work_dir))
        puts("secscan: it names the secscan of this machine: do not commit it "
             "for others");
}

static int tell_manager(const hook *h, const cli_hook_manager *manager)
{
    fprintf(stderr,
            "secscan: %s manages the hooks here: nothing was changed. Add to ",
            manager->name);
    fprintf(stderr, manager->where, h->is->name);
    fputs(":\n", stderr);
    manager->put_lines(stderr, h->is);
    fprintf(stderr,
            "secscan: or put it beside %s: secscan hook install %s "
            "--force\n",
            manager->name, h->is->name);
    return CLI_EXIT_USAGE;
}

static const cli_hook_manager *find_manager(const hook *h)
{
    if (h->args->is_forced || h->args->is_template || is_ours(h) ||
        !h->is->way) /* a server's hook */
        return NULL;
    return cli_hook_manager_find(h->text, h->dir, h->at->work_dir);
}

static int put_hook(const hook *h, const char *text)
{
    int code;

    if (is_ours(h) && strcmp(h->text, text) == 0 && is_executable(h->path)) {
        printf("secscan: the %s hook is installed already: %s\n", h->is->name,
               h->path);
        return CLI_EXIT_CLEAN;
    }
    code = make_dirs(h);
    if (!code)
        code = keep_other(h);
    if (!code)
        code = put_script(h, text);
    if (code)
        return code;
    printf("secscan: %s hook %s: %s\n", h->is->name,
           is_ours(h) ? "renewed" : "installed", h->path);
    tell_where(h);
    return CLI_EXIT_CLEAN;
}

static int install(hook *h)
{
    const cli_hook_manager *manager = find_manager(h);
    char *text = NULL;
    size_t len = 0;
    FILE *out;
    int code;

    if (manager)
        return tell_manager(h, manager);
    code = find_program(h);
    if (code)
        return code;
    out = open_memstream(&text, &len);
    if (!out)
        return CLI_EXIT_INTERNAL;
    cli_hook_write(out, h->is, h->program);
    code = fclose(out) ? CLI_EXIT_INTERNAL : put_hook(h, text);
    free(text);
    return code;
}

/* ---- uninstall ---------------------------------------------------------- */

static int uninstall(hook *h)
{
    if (!h->is_there) {
        printf("secscan: there is no %s hook: %s\n", h->is->name, h->path);
        return CLI_EXIT_CLEAN;
    }
    if (!is_ours(h)) {
        fprintf(stderr, "secscan: %s is not secscan's: nothing was changed\n",
                h->path);
        return CLI_EXIT_USAGE;
    }
    if (rename(h->chained, h->path) == 0) {
        printf("secscan: %s is again the hook that was there before\n",
               h->path);
        return CLI_EXIT_CLEAN;
    }
    if (errno != ENOENT || unlink(h->path))
        return fail(h->path, "removed");
    printf("secscan: %s hook removed: %s\n", h->is->name, h->path);
    return CLI_EXIT_CLEAN;
}

/* ---- status ------------------------------------------------------------- */

/* Nonzero: it is installed, and does not do what it should. */
static int tell_ours(const hook *h)
{
    char program[MAX_PATH_LEN];
    int is_known = !cli_hook_program(program, sizeof(program), h->text);

    if (!is_executable(h->path)) {
        printf("not executable: git passes it over: %s\n", h->path);
        return 1;
    }
    if (!is_known || !is_executable(program)) {
        printf("stops everything: %s is gone: %s\n",
               is_known ? program : "its program", h->path);
        return 1;
    }
    printf("installed: %s runs %s%s\n", h->path, program,
           is_executable(h->chained) ? ", then what was there" : "");
    return 0;
}

static int tell_status(hook *h)
{
    printf("%-12s ", h->is->name);
    if (!h->is_there) {
        puts("not installed");
        return 0;
    }
    if (is_ours(h))
        return tell_ours(h);
    printf("another hook: %s\n", h->path);
    return 0;
}

static int status(hook *h)
{
    int is_broken = 0;

    for (const cli_hook *is = cli_hooks; is->name; is++) {
        int code = find_hook(h, is);

        if (code)
            return code;
        is_broken |= tell_status(h);
    }
    if (h->at->hooks_file)
        printf("core.hooksPath is set in %s\n", h->at->hooks_file);
    return is_broken ? CLI_EXIT_INCOMPLETE : CLI_EXIT_CLEAN;
}

/* ---- the command -------------------------------------------------------- */

static int usage(void)
{
    fputs("secscan: hook takes: install | uninstall, with pre-commit, pre-push "
          "or pre-receive (--template, --force); status\n",
          stderr);
    return CLI_EXIT_USAGE;
}

static int set_dir(hook *h)
{
    if (!h->args->is_template)
        return join(h->dir, h->at->hooks_dir, "", "");
    if (h->at->template_dir)
        return join(h->dir, h->at->template_dir, "hooks/", "");
    fputs("secscan: init.templateDir is not set; for example: git config "
          "--global init.templateDir '~/.git-template'\n",
          stderr);
    return CLI_EXIT_USAGE;
}

static int each_hook(hook *h, int (*run)(hook *))
{
    const cli_args *args = h->args;
    int code = 0;

    for (size_t i = 1; i < args->n_operands; i++) {
        if (!cli_hook_find(args->operands[i]))
            return usage();
    }
    if (args->n_operands < 2)
        return usage();
    for (size_t i = 1; !code && i < args->n_operands; i++) {
        code = find_hook(h, cli_hook_find(args->operands[i]));
        if (!code)
            code = run(h);
    }
    return code;
}

static int run(hook *h)
{
    const char *verb = h->args->operands[0];

    if (strcmp(verb, "install") == 0)
        return each_hook(h, install);
    if (strcmp(verb, "uninstall") == 0)
        return each_hook(h, uninstall);
    if (strcmp(verb, "status") == 0 && h->args->n_operands == 1)
        return status(h);
    return usage();
}

int cli_hook_command(const cli_args *args)
{
    hook h = {.args = args};
    secscan_error err = {0};
    int rc, code;

    if (!args->n_operands)
        return usage();
    rc = secscan_git_locate(&h.at, args->is_template ? NULL : ".", &err);
    if (rc)
        return cli_fail(&err, rc);
    code = set_dir(&h);
    if (!code)
        code = run(&h);
    free(h.text);
    secscan_git_location_free(h.at);
    return code;
}

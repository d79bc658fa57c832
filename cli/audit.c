/*
 * audit.c: one line, one write(2) with O_APPEND: lines of several pushes never
 * mix, and none is half there.
 */
#include "audit.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* ---- findings ---------------------------------------------------------- */

static char *copy(const char *s)
{
    return strdup(s ? s : "");
}

/* Nonzero: out of memory. */
static int hide(cli_audit_finding *own, int which, secscan_bytes bytes)
{
    char *data = malloc(bytes.len + 1);

    if (!data)
        return -1;
    if (bytes.len)
        memcpy(data, bytes.data, bytes.len);
    own->hidden[which].data = data;
    own->hidden[which].len = bytes.len;
    return 0;
}

int cli_audit_add(cli_audit *audit, const secscan_finding *f,
                  const char *reason)
{
    cli_audit_finding *own;

    if (audit->n == audit->cap) {
        size_t cap = audit->cap ? 2 * audit->cap : 16;
        cli_audit_finding *more = realloc(audit->at, cap * sizeof(*more));

        if (!more)
            return -1;
        audit->at = more;
        audit->cap = cap;
    }
    own = &audit->at[audit->n++];
    *own = (cli_audit_finding){
        .fingerprint = copy(f->fingerprint),
        .rule = copy(f->rule),
        .path = copy(f->place.path),
        .commit =
            copy(f->n_introductions ? f->introductions[0].commit.id : NULL),
        .reason = reason ? copy(reason) : NULL};
    if (hide(own, CLI_AUDIT_SECRET, f->secret) ||
        hide(own, CLI_AUDIT_ENCODED, f->encoded))
        return -1;
    return own->fingerprint && own->rule && own->path && own->commit ? 0 : -1;
}

void cli_audit_release(cli_audit *audit)
{
    for (size_t i = 0; i < audit->n; i++) {
        cli_audit_finding *f = &audit->at[i];

        free(f->fingerprint);
        free(f->rule);
        free(f->path);
        free(f->commit);
        free(f->reason);
        for (int k = 0; k < CLI_AUDIT_N_HIDDEN; k++) {
            if (f->hidden[k].data)
                explicit_bzero(f->hidden[k].data, f->hidden[k].len);
            free(f->hidden[k].data);
        }
    }
    free(audit->at);
}

/* ---- JSON -------------------------------------------------------------- */

/* The length of the character that is UTF-8 at `s`, or 0. */
static size_t utf8_len(const unsigned char *s)
{
    size_t n = s[0] < 0x80   ? 1
               : s[0] < 0xc2 ? 0
               : s[0] < 0xe0 ? 2
               : s[0] < 0xf0 ? 3
               : s[0] < 0xf5 ? 4
                             : 0;

    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    }
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
        (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    return n;
}

static void put_quoted(FILE *out, const char *text)
{
    const unsigned char *s = (const unsigned char *)text;

    fputc('"', out);
    while (*s) {
        size_t n = utf8_len(s);

        if (*s < 0x20 || *s == 0x7f)
            fprintf(out, "\\u%04x", *s);
        else if (*s == '"' || *s == '\\')
            fprintf(out, "\\%c", *s);
        else if (!n)
            fputs("\\ufffd", out);
        else
            fwrite(s, 1, n, out);
        s += n ? n : 1;
    }
    fputc('"', out);
}

/* Somebody may have pasted it into the reason, or named a file after it. */
static void mask_one(char *text, const char *hidden, size_t hidden_len)
{
    size_t len = strlen(text);
    char *at = text;

    while (hidden_len) {
        at = memmem(at, len - (size_t)(at - text), hidden, hidden_len);
        if (!at)
            break;
        memset(at, '*', hidden_len);
    }
}

static void mask(char *text, const cli_audit *audit)
{
    for (size_t i = 0; i < audit->n; i++) {
        const cli_audit_finding *f = &audit->at[i];

        for (int k = 0; k < CLI_AUDIT_N_HIDDEN; k++)
            mask_one(text, f->hidden[k].data, f->hidden[k].len);
    }
}

static void put_masked(FILE *out, const cli_audit *audit, const char *name,
                       const char *text)
{
    char *own = strdup(text);

    if (own)
        mask(own, audit);
    fprintf(out, "\"%s\":", name);
    put_quoted(out, own ? own : "");
    free(own);
}

static void put_member(FILE *out, const cli_audit *audit, const char *name,
                       const char *text)
{
    fputc(',', out);
    put_masked(out, audit, name, text);
}

/* ---- the line ---------------------------------------------------------- */

static void put_time(FILE *out)
{
    time_t now = time(NULL);
    struct tm utc = {0};
    char text[32] = "";

    gmtime_r(&now, &utc);
    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
    fprintf(out, "{\"time\":\"%s\"", text);
}

/* Whom the server knows; else who runs the program. */
static const char *find_who(char *text, size_t size)
{
    static const char *const names[] = {"GL_USERNAME", "GITEA_PUSHER_NAME",
                                        "GITHUB_USER_LOGIN", "REMOTE_USER",
                                        "GIT_PUSH_CERT_SIGNER"};
    const struct passwd *user;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = getenv(names[i]);

        if (value && *value)
            return value;
    }
    user = getpwuid(getuid());
    if (user && user->pw_name && *user->pw_name)
        return user->pw_name;
    snprintf(text, size, "uid %lu", (unsigned long)getuid());
    return text;
}

static void put_updates(FILE *out, const cli_audit *audit)
{
    fputs(",\"refs\":[", out);
    for (size_t i = 0; i < audit->n_updates; i++) {
        const secscan_git_update *u = &audit->updates[i];

        fputs(i ? ",{" : "{", out);
        put_masked(out, audit, "ref", u->ref);
        put_member(out, audit, "old", u->old_id);
        put_member(out, audit, "new", u->new_id);
        fputc('}', out);
    }
    fputc(']', out);
}

static void put_findings(FILE *out, const cli_audit *audit)
{
    fputs(",\"findings\":[", out);
    for (size_t i = 0; i < audit->n; i++) {
        const cli_audit_finding *f = &audit->at[i];

        fputs(i ? ",{" : "{", out);
        put_masked(out, audit, "fingerprint", f->fingerprint);
        put_member(out, audit, "rule", f->rule);
        put_member(out, audit, "path", f->path);
        put_member(out, audit, "commit", f->commit);
        if (f->reason)
            put_member(out, audit, "reason", f->reason);
        fputc('}', out);
    }
    fputc(']', out);
}

static void put_line(FILE *out, const cli_audit *audit)
{
    char who[32];

    put_time(out);
    put_member(out, audit, "event", audit->event);
    put_member(out, audit, "version", secscan_version());
    put_member(out, audit, "who", find_who(who, sizeof(who)));
    if (audit->reason)
        put_member(out, audit, "reason", audit->reason);
    if (audit->remote)
        put_member(out, audit, "remote", audit->remote);
    put_updates(out, audit);
    fprintf(out, ",\"complete\":%s", audit->is_complete ? "true" : "false");
    put_findings(out, audit);
    fputs("}\n", out);
}

static int append(const char *path, const char *line, size_t len)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
                  0600);
    int rc = -1;
    ssize_t n;

    if (fd < 0)
        return -1;
    n = write(fd, line, len);
    if (n == (ssize_t)len)
        rc = fsync(fd) && errno != EINVAL ? -1 : 0; /* EINVAL: no file */
    else if (n >= 0)
        errno = EIO;
    close(fd);
    return rc;
}

int cli_audit_write(const cli_audit *audit, const char *path)
{
    char *line = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&line, &len);
    int rc = -1;

    if (out) {
        put_line(out, audit);
        rc = fclose(out) ? -1 : 0;
    }
    if (!rc)
        rc = append(path, line, len);
    if (rc)
        fprintf(stderr, "secscan: %s cannot be written: %s\n", path,
                strerror(errno));
    free(line);
    return rc;
}

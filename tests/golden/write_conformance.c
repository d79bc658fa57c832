/*
 * write_conformance.c: write_conformance OUT FOLDER...: of each golden folder
 * OUT/<its name>/ with
 *   input           the expanded template
 *   name            only if the case has one: the path that findings see
 *   expected.jsonl  what secscan finds, as line.h writes it
 *
 * What all consumers of the library have to agree on. golden_test says whether
 * it is what ought to be found; this writes more about the same findings.
 */
#include "golden/golden.h"
#include "golden/line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_PATH = 4096 };

static FILE *open_in(const char *folder, const char *name)
{
    char path[MAX_PATH];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "wb");
    if (!file)
        perror(path);
    return file;
}

static int write_bytes(const char *folder, const char *name, const char *data,
                       size_t len)
{
    FILE *file = open_in(folder, name);
    int rc;

    if (!file)
        return -1;
    rc = fwrite(data, 1, len, file) != len;
    return fclose(file) || rc ? -1 : 0;
}

static int write_finding(void *ctx, const secscan_finding *finding)
{
    return conformance_line(ctx, finding);
}

static int scan(FILE *out, secscan_rules *rules, const golden *g)
{
    const secscan_sink sink = {
        .size = sizeof(sink), .ctx = out, .finding = write_finding};
    secscan_scanner *scanner = NULL;
    secscan_error err = {0};
    int rc;

    rc = secscan_scanner_new(&scanner, rules, NULL, &err);
    if (rc == SECSCAN_OK)
        rc = secscan_scan_buffer(scanner, g->name ? g->name : "input", g->input,
                                 g->input_len, &sink, &err);
    if (rc)
        fprintf(stderr, "%s\n", err.message);
    secscan_scanner_free(scanner);
    return rc ? -1 : 0;
}

static int write_expected(const char *folder, secscan_rules *rules,
                          const golden *g)
{
    FILE *file = open_in(folder, "expected.jsonl");
    int rc;

    if (!file)
        return -1;
    rc = scan(file, rules, g);
    return fclose(file) || rc ? -1 : 0;
}

static int write_case(const char *out, const char *folder, secscan_rules *rules)
{
    const char *slash = strrchr(folder, '/');
    char to[MAX_PATH];
    golden g;
    int rc;

    snprintf(to, sizeof(to), "%s/%s", out, slash ? slash + 1 : folder);
    if (mkdir(to, 0777) && errno != EEXIST) {
        perror(to);
        return -1;
    }
    if (golden_read(&g, folder))
        return -1;
    rc = write_bytes(to, "input", g.input, g.input_len);
    if (!rc && g.name)
        rc = write_bytes(to, "name", g.name, strlen(g.name));
    if (!rc)
        rc = write_expected(to, rules, &g);
    golden_release(&g);
    return rc;
}

int main(int argc, char **argv)
{
    secscan_rules *rules = NULL;
    secscan_error err = {0};
    int rc;

    if (argc < 3) {
        fprintf(stderr, "usage: write_conformance OUT FOLDER...\n");
        return 2;
    }
    rc = secscan_rules_load(&rules, NULL, 0, NULL, &err);
    if (rc)
        fprintf(stderr, "%s\n", err.message);
    for (int i = 2; !rc && i < argc; i++)
        rc = write_case(argv[1], argv[i], rules);
    secscan_rules_free(rules);
    return rc ? 1 : 0;
}

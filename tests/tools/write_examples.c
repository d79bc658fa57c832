/*
 * write_examples.c: the `match` examples of the built-in rules, expanded, a
 * file each: seeds for the fuzz target of whole scans (its first byte is a
 * chunk size).
 *
 *     secscan-write-examples DIRECTORY
 */
#include "rules/rule.h"
#include "rules/template.h"

#include <secscan.h>

#include <stdio.h>

#define MAX_EXAMPLE ((size_t)1 << 20)

static int write_example(const char *dir, unsigned number, const char *text)
{
    ss_buf out = SS_BUF_INIT(MAX_EXAMPLE);
    char path[4096];
    FILE *file;
    int rc = -1;

    snprintf(path, sizeof(path), "%s/%u", dir, number);
    (void)ss_buf_putc(&out, (char)(number * 37));
    (void)ss_template_expand(&out, ss_bytes_str(text), number);
    file = out.failed ? NULL : fopen(path, "wb");
    if (file) {
        rc = fwrite(out.data, 1, out.len, file) == out.len ? 0 : -1;
        fclose(file);
    }
    ss_buf_release(&out);
    return rc;
}

int main(int argc, char **argv)
{
    secscan_rules *rules = NULL;
    const ss_rule_set *set;
    unsigned number = 0;
    int rc = 0;

    if (argc != 2 || secscan_rules_load(&rules, NULL, 0, NULL, NULL))
        return 2;
    set = ss_rules_set(rules);
    for (size_t i = 0; i < set->n_rules; i++) {
        for (size_t k = 0; k < set->rules[i]->n_match; k++)
            rc |= write_example(argv[1], number++, set->rules[i]->match[k]);
    }
    secscan_rules_free(rules);
    return rc ? 1 : 0;
}

/*
 * examples.c: run the examples of rule files; of the built-in rules without
 * arguments. Says what was missed or found by mistake, exits 1 then.
 *
 *     secscan-examples [FILE...]
 */
#include <secscan.h>

#include <stdio.h>

typedef struct tally {
    unsigned n, n_bad;
} tally;

static int on_result(void *ctx, const secscan_example_result *result)
{
    tally *t = ctx;

    t->n++;
    if (result->expected == result->found)
        return 0;
    t->n_bad++;
    printf("%s: %s: %s\n", result->rule,
           result->expected ? "not found" : "found by mistake",
           result->example);
    return 0;
}

int main(int argc, char **argv)
{
    const secscan_rules_options options = {.size = sizeof(options),
                                           .flags = SECSCAN_RULES_NO_CACHE};
    secscan_rules *rules = NULL;
    secscan_error err = {0, 0, 0, 0, ""};
    tally t = {0, 0};
    int rc;

    rc = secscan_rules_load(&rules, (const char *const *)argv + 1,
                            (size_t)argc - 1, &options, &err);
    if (!rc)
        rc = secscan_rules_test(rules, on_result, &t, &err);
    secscan_rules_free(rules);
    if (rc)
        printf("%s\n", err.message);
    printf("%u examples, %u wrong\n", t.n, t.n_bad);
    return rc || t.n_bad || t.n == 0;
}

/*
 * fuzz_rules.c: any bytes as a rule file. They are rules, or an error with a
 * message; and rules can be asked about.
 */
#include "fuzz.h"

#include <secscan.h>

#include <stdlib.h>

/* A repeat of a repeat can make Hyperscan compile for minutes: that is slow,
 * not wrong, and not what this target looks for. */
#define MAX_LEN ((size_t)4096)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const secscan_rules_options options = {.size = sizeof(options),
                                           .flags = SECSCAN_RULES_NO_BUILTIN |
                                                    SECSCAN_RULES_NO_CACHE};
    secscan_rules *rules = NULL;
    secscan_rule_info info;
    secscan_error err = {0, 0, 0, 0, ""};
    int rc;

    if (len > MAX_LEN)
        return 0;
    rc = secscan_rules_parse(&rules, (const char *)data, len, &options, &err);
    if (rc && (err.code != rc || !err.message[0] || rules))
        abort();
    if (rc)
        return 0;
    for (size_t i = 0; i < secscan_rules_count(rules); i++) {
        if (secscan_rules_at(rules, i, &info) || !info.id || !info.regex)
            abort();
    }
    secscan_rules_free(rules);
    return 0;
}

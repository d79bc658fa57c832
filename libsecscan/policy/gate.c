/*
 * gate.c: the defaults of what gates.
 */
#include "gate.h"

int ss_gate_finding(const ss_rule *rule, int is_hygiene)
{
    return !is_hygiene && !rule->is_preview &&
           strcmp(rule->category, "hygiene") != 0;
}

int ss_gate_skip(const char *reason)
{
    static const char *const noted[] = {"symlink",   "submodule", "not-a-file",
                                        "excluded",  "too-large", "encrypted",
                                        "git-index", "lfs"};

    for (size_t i = 0; i < sizeof(noted) / sizeof(*noted); i++) {
        if (!strcmp(reason, noted[i]))
            return 0;
    }
    return 1;
}

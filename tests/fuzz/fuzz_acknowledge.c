/*
 * fuzz_acknowledge.c: any file of acknowledged skips. What is taken has a day
 * and a reason.
 */
#include "fuzz.h"

#include "policy/acknowledge.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    ss_acknowledgements list = {{0}, {0}};

    ss_acknowledgements_parse(&list, ss_bytes_of(data, len), "fuzz",
                              "2026-11-25", NULL);
    for (size_t i = 0; i < list.by_object.len; i++) {
        const ss_acknowledged *a = list.by_object.entries[i].value.ptr;

        if (!a || !*a->reason || strlen(a->until) != SS_DAY_TEXT - 1)
            abort();
    }
    ss_acknowledgements_release(&list);
    return 0;
}

/*
 * fuzz_index.c: git's index as bytes, with SHA-1 and SHA-256 ids: every entry
 * that is accepted has a path inside what was read.
 */
#include "fuzz.h"

#include "source/index.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    ss_index index = SS_INDEX_INIT;

    if (!len)
        return 0;
    if (!ss_index_parse(&index, ss_bytes_of(data + 1, len - 1),
                        data[0] & 1 ? 32 : 20, NULL)) {
        for (size_t i = 0; i < index.n_entries; i++) {
            if (strlen(index.entries[i].path) != index.entries[i].path_len)
                abort();
        }
    }
    ss_index_release(&index);
    return 0;
}

/*
 * fuzz_document.c: a database, a PDF, a notebook or a key store, as the first
 * byte says; members are read, but not more than 4 MiB of all of them.
 */
#include "fuzz.h"

#include "source/open_container.h"

#define MAX_READ ((size_t)4 << 20)

static size_t n_read;

static int should_stop(void *ctx)
{
    (void)ctx;
    return n_read > MAX_READ;
}

static void read_member(const ss_opener *opener, ss_container *c)
{
    static uint8_t part[65536];
    ss_container_fault fault;
    ptrdiff_t n = 1;

    while (n > 0 && n_read <= MAX_READ) {
        n = opener->read(c, part, sizeof(part), &fault);
        if (n > 0) {
            n_read += (size_t)n;
            opener->name_at(c, (uint64_t)n - 1);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const ss_container_opens kinds[] = {
        SS_OPENS_SQLITE, SS_OPENS_PDF, SS_OPENS_NOTEBOOK, SS_OPENS_KEYSTORE};
    const ss_opener *opener = ss_open_container();
    ss_container_kind kind = {.name = "fuzz"};
    ss_container_fault fault;
    ss_container *c = NULL;
    ss_member member;
    ss_input input;

    if (len < 2)
        return 0;
    n_read = 0;
    kind.opens = kinds[data[0] % 4];
    input = (ss_input){.memory = ss_bytes_of(data + 1, len - 1)};
    if (opener->open(&c, &kind, &input, should_stop, NULL, &fault))
        return 0;
    while (n_read <= MAX_READ && opener->next(c, &member, &fault) == 1)
        read_member(opener, c);
    opener->close(c);
    return 0;
}

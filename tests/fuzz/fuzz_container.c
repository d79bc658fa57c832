/*
 * fuzz_container.c: any bytes as a container of any kind, read from memory, at
 * places and in order. The first byte is the kind: 0 is what the bytes begin,
 * others are rows of the table, from 1; so damage at the head gets further.
 */
#include "fuzz.h"

#include "source/open_container.h"

#include <stdlib.h>
#include <string.h>

#define MAX_BYTES ((size_t)1 << 20)
#define MAX_MEMBERS 300
#define MAX_ASKED 100000 /* a time limit that does not depend on the time */

static ss_bytes input;
static size_t place;

static ptrdiff_t read_at(void *ctx, void *to, size_t len, uint64_t offset)
{
    size_t left = offset < input.len ? input.len - (size_t)offset : 0;

    (void)ctx;
    len = len < left ? len : left;
    if (len)
        memcpy(to, input.data + offset, len);
    return (ptrdiff_t)len;
}

static ptrdiff_t read_next(void *ctx, void *to, size_t len)
{
    ptrdiff_t n = read_at(ctx, to, len < 999 ? len : 999, place);

    place += (size_t)n;
    return n;
}

static int should_stop(void *ctx)
{
    int *asked = ctx;

    return ++*asked > MAX_ASKED;
}

static void check_fault(const ss_container_fault *fault)
{
    if (!fault->reason || !fault->detail)
        abort();
}

static void read_member(ss_container *c, size_t *left)
{
    const ss_opener *o = ss_open_container();
    ss_container_fault fault = {NULL, NULL};
    static uint8_t piece[10000];
    size_t at = 0;
    ptrdiff_t n = 1;

    while (n > 0 && *left > 0) {
        n = o->read(c, piece, sizeof(piece), &fault);
        if (n > (ptrdiff_t)sizeof(piece))
            abort();
        if (n < 0)
            check_fault(&fault);
        if (n > 0)
            (void)o->name_at(c, at);
        at += n > 0 ? (size_t)n : 0;
        *left -= n > 0 && (size_t)n < *left ? (size_t)n : n > 0 ? *left : 0;
    }
}

static void read_all(const ss_container_kind *kind, const ss_input *in)
{
    const ss_opener *o = ss_open_container();
    ss_container_fault fault = {NULL, NULL};
    ss_container *c = NULL;
    ss_member member;
    size_t left = MAX_BYTES, sum = 0;
    int asked = 0;
    int rc = o->open(&c, kind, in, should_stop, &asked, &fault);

    for (int i = 0; i < MAX_MEMBERS && rc >= 0; i++) {
        rc = o->next(c, &member, &fault);
        if (rc <= 0)
            break;
        sum += strlen(member.name);
        if (i % 7 != 6) /* some are passed over */
            read_member(c, &left);
    }
    if (rc < 0)
        check_fault(&fault);
    if (c)
        o->close(c);
    if (sum == SIZE_MAX)
        abort();
}

static const ss_container_kind *chosen(uint8_t choice)
{
    size_t n = 0;

    if (choice == 0)
        return ss_container_detect(input);
    while (ss_container_kind_at(n))
        n++;
    return ss_container_kind_at((choice - 1u) % n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const ss_container_kind *kind;

    if (len < 2)
        return 0;
    input = (ss_bytes){data + 1, len - 1};
    place = 0;
    (void)ss_container_detect_tail(input);
    kind = chosen(data[0]);
    if (!kind)
        return 0;
    read_all(kind, &(ss_input){.memory = input});
    read_all(kind, &(ss_input){.read_at = read_at, .size = input.len});
    read_all(kind, &(ss_input){.read = read_next});
    return 0;
}

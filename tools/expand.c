/*
 * expand.c: secscan-expand, templates to made-up credentials, for tests.
 *
 *     secscan-expand [SEED] < TEMPLATE
 *
 * The whole of standard input is one template; the same seed (default 1) gives
 * the same bytes.
 */
#include "rules/template.h"

#include <stdio.h>
#include <stdlib.h>

#define MAX_BYTES ((size_t)64 << 20)

static int read_all(ss_buf *out, FILE *in)
{
    char piece[65536];
    size_t n;

    do {
        n = fread(piece, 1, sizeof(piece), in);
        if (ss_buf_add(out, piece, n))
            return -1;
    } while (n > 0);
    return ferror(in) ? -1 : 0;
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    ss_buf text = SS_BUF_INIT(MAX_BYTES);
    ss_buf out = SS_BUF_INIT(MAX_BYTES);
    int rc;

    rc = read_all(&text, stdin);
    if (rc == 0)
        rc = ss_template_expand(&out, ss_buf_bytes(&text), seed);
    if (rc == 0 && fwrite(out.data, 1, out.len, stdout) != out.len)
        rc = -1;
    if (fflush(stdout))
        rc = -1;
    if (rc)
        fputs("secscan-expand: failed\n", stderr);
    ss_buf_release(&text);
    ss_buf_release(&out);
    return rc ? 1 : 0;
}

/*
 * expand.c: expand the template on stdin to stdout (rules/template.h).
 *
 *     secscan-expand [SEED]
 */
#include "rules/template.h"

#include <stdio.h>
#include <stdlib.h>

#define MAX_TEXT ((size_t)256 << 20)

static int read_all(ss_buf *text, FILE *in)
{
    char block[4096];
    size_t n;

    for (;;) {
        n = fread(block, 1, sizeof(block), in);
        if (n == 0)
            return ferror(in) ? -1 : 0;
        if (ss_buf_add(text, block, n))
            return -1;
    }
}

int main(int argc, char **argv)
{
    ss_buf text = SS_BUF_INIT(MAX_TEXT);
    ss_buf out = SS_BUF_INIT(MAX_TEXT);
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
    int rc = read_all(&text, stdin);

    if (!rc)
        rc = ss_template_expand(&out, ss_buf_bytes(&text), seed);
    if (!rc && fwrite(out.data, 1, out.len, stdout) != out.len)
        rc = -1;
    if (rc)
        fputs("secscan-expand: out of memory, or not readable\n", stderr);
    ss_buf_release(&out);
    ss_buf_release(&text);
    return rc ? 1 : 0;
}

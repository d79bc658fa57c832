/*
 * document_mark.c: notebooks and PKCS#12 of container_mark.h.
 */
#include "container_mark.h"

#include <string.h>

#define NEAR ((size_t)16 << 10)

static int is_blank(uint8_t c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static void skip_blanks(ss_bytes *in)
{
    while (in->len && is_blank(in->data[0])) {
        in->data++;
        in->len--;
    }
}

/* Take `token` and the blanks around it. */
static int take(ss_bytes *in, const char *token)
{
    size_t len = strlen(token);

    skip_blanks(in);
    if (!ss_bytes_starts(*in, token))
        return 0;
    in->data += len;
    in->len -= len;
    skip_blanks(in);
    return 1;
}

static int take_key(ss_bytes *in, const char *quoted)
{
    return take(in, quoted) && take(in, ":");
}

static int has(ss_bytes in, const char *word)
{
    return in.len && memmem(in.data, in.len, word, strlen(word)) != NULL;
}

/* The first key of a cell, in whatever order they are written. */
static int is_cell(ss_bytes in)
{
    static const char *const keys[] = {"\"attachments\"", "\"cell_type\"",
                                       "\"collapsed\"",   "\"execution_count\"",
                                       "\"id\"",          "\"metadata\"",
                                       "\"outputs\"",     "\"source\""};

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (ss_bytes_starts(in, keys[i]))
            return 1;
    return 0;
}

/* nbformat sorts its keys, others begin with what they like: the first key of
 * the document decides which other has to be near. Much JSON begins alike, so
 * little of it is looked at. */
int ss_mark_notebook(ss_bytes head)
{
    if (head.len > NEAR)
        head.len = NEAR;
    if (ss_bytes_starts(head, "\xef\xbb\xbf"))
        head = ss_bytes_of(head.data + 3, head.len - 3);
    if (!take(&head, "{"))
        return 0;
    if (take_key(&head, "\"nbformat\""))
        return head.len && ss_is_digit(head.data[0]);
    if (take_key(&head, "\"nbformat_minor\""))
        return has(head, "\"nbformat\"") || has(head, "\"cells\"");
    if (take_key(&head, "\"metadata\""))
        return has(head, "\"nbformat\"") || has(head, "\"kernelspec\"") ||
               has(head, "\"language_info\"") || has(head, "\"worksheets\"");
    if (!take_key(&head, "\"cells\"") || !take(&head, "["))
        return 0;
    return take(&head, "{") ? is_cell(head) && (head.len < 900 ||
                                                has(head, "\"cell_type\"") ||
                                                has(head, "\"attachments\""))
                            : has(head, "\"nbformat\"");
}

/* SEQUENCE { INTEGER 3, SEQUENCE ... */
int ss_mark_pkcs12(ss_bytes head)
{
    size_t at;

    if (head.len < 12)
        return 0;
    at = head.data[1] < 0x80 ? 2 : 2 + (size_t)(head.data[1] & 0x7f);
    return at <= 6 && memcmp(head.data + at, "\x02\x01\x03\x30", 4) == 0;
}

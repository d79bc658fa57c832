/*
 * line.c: a finding as a line of the conformance suite.
 *
 * Keys in a fixed order and no spaces, so that consumers compare bytes. The
 * secret stands there as its SHA-256: no credential is written.
 */
#include "golden/line.h"

#include <sodium.h>

static void put_string(FILE *out, const char *text)
{
    putc('"', out);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c < 0x20)
            fprintf(out, "\\u%04x", c);
        else
            putc(c, out);
    }
    putc('"', out);
}

static void put_key_string(FILE *out, const char *key, const char *text)
{
    fprintf(out, "\"%s\":", key);
    put_string(out, text);
    putc(',', out);
}

static void put_key_number(FILE *out, const char *key, uint64_t number)
{
    fprintf(out, "\"%s\":%llu,", key, (unsigned long long)number);
}

static void put_digest(FILE *out, secscan_bytes secret)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    char hex[2 * sizeof(digest) + 1];

    crypto_hash_sha256(digest, (const unsigned char *)secret.data, secret.len);
    sodium_bin2hex(hex, sizeof(hex), digest, sizeof(digest));
    put_key_string(out, "secret_sha256", hex);
}

static void put_encodings(FILE *out, const secscan_place *place)
{
    fputs("\"encodings\":[", out);
    for (size_t i = 0; i < place->n_encodings; i++) {
        if (i)
            putc(',', out);
        put_string(out, place->encodings[i]);
    }
    putc(']', out);
}

int conformance_line(FILE *out, const secscan_finding *f)
{
    const secscan_place *place = &f->place;

    putc('{', out);
    put_key_string(out, "rule", f->rule);
    put_key_string(out, "path", place->path);
    put_key_number(out, "line_start", place->line_start);
    put_key_number(out, "column_start", place->column_start);
    put_key_number(out, "line_end", place->line_end);
    put_key_number(out, "column_end", place->column_end);
    put_key_number(out, "offset", place->offset);
    put_key_string(out, "severity", secscan_severity_name((int)f->severity));
    put_key_string(out, "evidence", secscan_evidence_name((int)f->evidence));
    put_key_number(out, "confidence", f->confidence);
    put_key_string(out, "fingerprint", f->fingerprint);
    put_digest(out, f->secret);
    put_encodings(out, place);
    fputs("}\n", out);
    return ferror(out) ? -1 : 0;
}

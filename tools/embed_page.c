/*
 * embed_page.c: the HTML report's page, its style and its script to one C file.
 * Runs at build time only.
 *
 *     embed_page OUT.c page.html page.css page.js
 *
 * In the page, @style@ and @script@ stand for the files, @style-hash@ and
 * @script-hash@ for what a content security policy calls them, and @data@ for
 * the place where the program writes.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FILE ((size_t)1 << 20)

/* NUL-terminated; NULL when it cannot be read or is too long. */
static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, MAX_FILE + 1);
    size_t len = file && text ? fread(text, 1, MAX_FILE + 1, file) : 0;

    if (file)
        fclose(file);
    if (len && len <= MAX_FILE)
        return text;
    fprintf(stderr, "%s: cannot be read, or is too long\n", path);
    free(text);
    return NULL;
}

/* "sha256-..." of a file's text. */
static void hash(char out[64], const char *text)
{
    unsigned char digest[crypto_hash_sha256_BYTES];

    crypto_hash_sha256(digest, (const unsigned char *)text, strlen(text));
    memcpy(out, "sha256-", 7);
    sodium_bin2base64(out + 7, 57, digest, sizeof(digest),
                      sodium_base64_VARIANT_ORIGINAL);
}

static void put_bytes(FILE *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        fprintf(out, "%d,%s", (signed char)text[i], i % 24 == 23 ? "\n" : "");
}

/* What a mark stands for; NULL: it is no mark. */
static const char *value_of(const char *mark, size_t len,
                            const char *const marks[][2], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strlen(marks[i][0]) == len && !memcmp(marks[i][0], mark, len))
            return marks[i][1];
    }
    return NULL;
}

static void put_page(FILE *out, const char *page, size_t len,
                     const char *const marks[][2], size_t n)
{
    size_t done = 0;

    for (size_t at = 0; at < len; at++) {
        const char *end = page[at] == '@' ? strchr(page + at + 1, '@') : NULL;
        const char *value =
            end ? value_of(page + at + 1, (size_t)(end - page) - at - 1, marks,
                           n)
                : NULL;

        if (!value)
            continue;
        put_bytes(out, page + done, at - done);
        put_bytes(out, value, strlen(value));
        at = (size_t)(end - page);
        done = at + 1;
    }
    put_bytes(out, page + done, len - done);
}

static int embed(FILE *out, const char *page, const char *style,
                 const char *script)
{
    char style_hash[64], script_hash[64];
    const char *const marks[][2] = {{"style", style},
                                    {"script", script},
                                    {"style-hash", style_hash},
                                    {"script-hash", script_hash}};
    const char *data = strstr(page, "@data@\n");
    const char *behind = data ? data + strlen("@data@\n") : NULL;

    if (!data) {
        fputs("the page has no place for @data@\n", stderr);
        return -1;
    }
    hash(style_hash, style);
    hash(script_hash, script);
    fputs("/* Made by tools/embed_page from report/page: do not edit. */\n"
          "#include \"report/page.h\"\nconst char ss_page_before[] = {\n",
          out);
    put_page(out, page, (size_t)(data - page), marks, 4);
    fputs("0};\nconst char ss_page_behind[] = {\n", out);
    put_page(out, behind, strlen(behind), marks, 4);
    fputs("0};\n", out);
    return 0;
}

int main(int argc, char **argv)
{
    char *files[3] = {NULL, NULL, NULL};
    FILE *out = NULL;
    int rc = -1;

    if (argc != 5) {
        fputs("usage: embed_page OUT.c PAGE.html STYLE.css SCRIPT.js\n",
              stderr);
        return 2;
    }
    for (int i = 0; i < 3; i++)
        files[i] = read_file(argv[i + 2]);
    if (files[0] && files[1] && files[2])
        out = fopen(argv[1], "w");
    if (out)
        rc = embed(out, files[0], files[1], files[2]);
    if (out && fclose(out))
        rc = -1;
    for (int i = 0; i < 3; i++)
        free(files[i]);
    return rc ? 1 : 0;
}

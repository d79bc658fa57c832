/*
 * cache.c: one file a set of prefilters, named by the digest of these, of
 * Hyperscan's version and of the platform. Format: a magic number, the digest
 * of what follows, then the key and each database with its length. Databases
 * hold words of rules, and look like secrets when a home directory is scanned:
 * all bytes of them are inverted.
 */
#include "rules/cache.h"

#include "base/alloc.h"
#include "os/private.h"
#include "rules/compile.h"

#include <stdlib.h>

#define MAGIC "secscan compiled rules 2\n"
#define DIGEST_LEN 16u
#define HEAD_LEN (sizeof(MAGIC) - 1 + DIGEST_LEN)
#define MAX_FILE ((size_t)64 << 20)
#define MAX_KEY ((size_t)64 << 20)
#define MAX_PATH_LEN ((size_t)4096)
#define NAME_LEN 32
#define MAX_FILES 16u /* of the last sets of rules used */

#if defined(__x86_64__)
#define PLATFORM "x86-64"
#elif defined(__aarch64__)
#define PLATFORM "aarch64"
#else
#define PLATFORM "other"
#endif

static int choose_dir(const ss_cache *cache, ss_buf *out)
{
    const char *base = NULL;

    if (cache->dir) {
        (void)ss_buf_puts(out, cache->dir);
    } else {
        base = secure_getenv("XDG_CACHE_HOME");
        if (base && base[0] == '/') {
            (void)ss_buf_printf(out, "%s/secscan", base);
        } else {
            base = secure_getenv("HOME");
            if (!base || base[0] != '/')
                return -1;
            (void)ss_buf_printf(out, "%s/.cache/secscan", base);
        }
    }
    (void)ss_buf_putc(out, '\0');
    return out->failed ? -1 : 0;
}

/* What the databases follow from. */
static int make_key(const ss_cache *cache, const ss_rule_set *set, char key[17])
{
    ss_buf text = SS_BUF_INIT(MAX_KEY);
    int rc;

    (void)ss_buf_printf(&text, MAGIC "%s\n" PLATFORM "\n",
                        ss_compile_version());
    for (size_t i = 0; i < set->n_rules; i++) {
        const ss_rule *rule = set->rules[i];

        if (!rule->prefilter)
            continue;
        (void)ss_buf_printf(&text, "%zu %u %u %zu ", i, rule->database,
                            rule->hs_flags, strlen(rule->prefilter));
        (void)ss_buf_puts(&text, rule->prefilter);
    }
    rc = text.failed ? -1 : 0;
    if (!rc)
        cache->digest(key, ss_buf_bytes(&text));
    ss_buf_release(&text);
    return rc;
}

static void file_name(char name[NAME_LEN], const char *key)
{
    memcpy(name, "rules-", 6);
    memcpy(name + 6, key, DIGEST_LEN);
    memcpy(name + 6 + DIGEST_LEN, ".db", 4);
}

static void invert(uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++)
        data[i] = (uint8_t)~data[i];
}

/* ---- reading
 * ------------------------------------------------------------------ */

static int is_whole(const ss_cache *cache, ss_bytes file, const char *key)
{
    char digest[17];

    if (file.len < HEAD_LEN + DIGEST_LEN || !ss_bytes_starts(file, MAGIC))
        return 0;
    cache->digest(digest,
                  ss_bytes_of(file.data + HEAD_LEN, file.len - HEAD_LEN));
    return memcmp(digest, file.data + HEAD_LEN - DIGEST_LEN, DIGEST_LEN) == 0 &&
           memcmp(key, file.data + HEAD_LEN, DIGEST_LEN) == 0;
}

static int load_databases(ss_rule_set *set, ss_bytes s)
{
    while (s.len) {
        uint64_t len;

        if (s.len < sizeof(len) || set->n_databases == SS_MAX_DATABASES)
            return -1;
        memcpy(&len, s.data, sizeof(len));
        s = ss_bytes_of(s.data + sizeof(len), s.len - sizeof(len));
        if (len > s.len ||
            ss_compile_load(&set->databases[set->n_databases],
                            ss_bytes_of(s.data, (size_t)len), NULL))
            return -1;
        set->n_databases++;
        s = ss_bytes_of(s.data + len, s.len - (size_t)len);
    }
    return 0;
}

int ss_cache_load(const ss_cache *cache, ss_rule_set *set)
{
    ss_buf dir = SS_BUF_INIT(MAX_PATH_LEN);
    ss_buf file = SS_BUF_INIT(MAX_FILE);
    const size_t head = HEAD_LEN + DIGEST_LEN;
    char name[NAME_LEN];
    char key[17];
    int rc;

    rc = choose_dir(cache, &dir);
    if (rc)
        goto out;
    rc = make_key(cache, set, key);
    if (rc)
        goto out;
    file_name(name, key);
    rc = ss_private_read(&file, (const char *)dir.data, name);
    if (rc)
        goto out;
    rc = is_whole(cache, ss_buf_bytes(&file), key) ? 0 : -1;
    if (rc)
        goto out;
    invert(file.data + head, file.len - head);
    rc = load_databases(set, ss_bytes_of(file.data + head, file.len - head));
    if (rc)
        ss_compile_release(set);
out:
    ss_buf_release(&file);
    ss_buf_release(&dir);
    return rc;
}

/* ---- writing
 * ------------------------------------------------------------------ */

static int put_database(ss_buf *out, const struct hs_database *database)
{
    uint8_t *data = NULL;
    size_t len = 0;
    uint64_t wide;
    int rc = ss_compile_save(database, &data, &len, NULL);

    if (rc)
        return rc;
    wide = len;
    (void)ss_buf_add(out, &wide, sizeof(wide));
    (void)ss_buf_add(out, data, len);
    ss_free(data);
    return out->failed ? -1 : 0;
}

static int make_file(const ss_cache *cache, const ss_rule_set *set,
                     const char *key, ss_buf *file)
{
    char digest[17];

    (void)ss_buf_puts(file, MAGIC "0000000000000000");
    (void)ss_buf_puts(file, key);
    for (size_t i = 0; i < set->n_databases; i++) {
        if (put_database(file, set->databases[i]))
            return -1;
    }
    if (file->failed)
        return -1;
    invert(file->data + HEAD_LEN + DIGEST_LEN,
           file->len - HEAD_LEN - DIGEST_LEN);
    cache->digest(digest,
                  ss_bytes_of(file->data + HEAD_LEN, file->len - HEAD_LEN));
    memcpy(file->data + HEAD_LEN - DIGEST_LEN, digest, DIGEST_LEN);
    return 0;
}

void ss_cache_store(const ss_cache *cache, const ss_rule_set *set)
{
    ss_buf dir = SS_BUF_INIT(MAX_PATH_LEN);
    ss_buf file = SS_BUF_INIT(MAX_FILE);
    char name[NAME_LEN];
    char key[17];

    if (choose_dir(cache, &dir) || make_key(cache, set, key))
        goto out;
    if (ss_private_dir((const char *)dir.data) ||
        make_file(cache, set, key, &file))
        goto out;
    file_name(name, key);
    (void)ss_private_write((const char *)dir.data, name, ss_buf_bytes(&file));
    ss_private_trim((const char *)dir.data, "rules-", MAX_FILES);
out:
    ss_buf_release(&file);
    ss_buf_release(&dir);
}

/* ---- the three ways
 * ----------------------------------------------------------- */

static int load_given(ss_rule_set *set, const ss_bytes *databases, size_t n,
                      secscan_error *err)
{
    for (size_t i = 0; i < n; i++) {
        int rc = ss_compile_load(&set->databases[i], databases[i], err);

        if (rc) {
            ss_compile_release(set);
            return rc;
        }
        set->n_databases++;
    }
    return 0;
}

int ss_cache_open(const ss_cache *cache, ss_rule_set *set,
                  const ss_bytes *databases, size_t n, secscan_error *err)
{
    int rc;

    if (n) {
        rc = load_given(set, databases, n, err);
        if (rc != SECSCAN_ERR_CORRUPT)
            return rc;
    }
    if (cache && ss_cache_load(cache, set) == 0)
        return 0;
    rc = ss_compile(set, err);
    if (rc == 0 && cache)
        ss_cache_store(cache, set);
    return rc;
}

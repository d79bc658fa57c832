/*
 * object_hash.c: SHA-1 by libgit2, SHA-256 by libsodium.
 */
#include "object_hash.h"

#include <git2.h>
#include <sodium.h>
#include <stdio.h>

static const char *name_of(ss_git_kind kind)
{
    static const char *const names[] = {"", "commit", "tree", "blob", "tag"};

    return names[kind];
}

static int is_sha1(ss_git_kind kind, ss_bytes bytes, const ss_oid *id)
{
    git_oid oid;
    int is_same = 0;

    if (git_libgit2_init() < 0)
        return 0;
    /* git_object_t numbers the kinds as packs do. */
    if (!git_odb_hash(&oid, bytes.data, bytes.len, (git_object_t)kind))
        is_same = memcmp(oid.id, id->id, GIT_OID_RAWSZ) == 0;
    git_libgit2_shutdown();
    return is_same;
}

static int is_sha256(ss_git_kind kind, ss_bytes bytes, const ss_oid *id)
{
    crypto_hash_sha256_state state;
    uint8_t digest[crypto_hash_sha256_BYTES];
    char head[32];
    int len = snprintf(head, sizeof(head), "%s %zu", name_of(kind), bytes.len);

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const uint8_t *)head, (size_t)len + 1);
    crypto_hash_sha256_update(&state, bytes.data, bytes.len);
    crypto_hash_sha256_final(&state, digest);
    return memcmp(digest, id->id, sizeof(digest)) == 0;
}

int ss_object_hash_is(ss_git_kind kind, ss_bytes bytes, const ss_oid *id,
                      size_t id_len)
{
    if (kind == SS_GIT_NONE)
        return 0;
    return id_len == 20 ? is_sha1(kind, bytes, id) : is_sha256(kind, bytes, id);
}

/*
 * keystore.c: a store of private keys, and the passwords that open it.
 *
 * In: an input with a JKS, JCEKS or PKCS#12 store. Out: one member without
 * bytes that finds by itself, named after what is in the store; none when it
 * holds certificates only, as every Java's list of authorities does.
 */
#include "source/keystore.h"

#include "base/alloc.h"
#include "base/error.h"
#include "source/input_at.h"
#include "source/open_container.h"

#include <strings.h>

#define MAX_STORE (16u << 20)

typedef struct store {
    ss_container base;
    ss_keystore keys;
    ss_buf bytes; /* of an input that is not in memory */
    ss_buf reason;
    int is_over;
} store;

#define PASSWORD(text)                                                         \
    {                                                                          \
        text, "opens with the password \"" text "\""                           \
    }

/* What products come with and manuals show. */
static const ss_keystore_password passwords[] = {
    {NULL, "opens without a password"},
    PASSWORD("changeit"),
    PASSWORD("notasecret"), /* of every key that Google Cloud gives so */
    PASSWORD("changeme"),
    PASSWORD("password"),
    PASSWORD("secret"),
    PASSWORD("keystore"),
    PASSWORD("123456"),
    PASSWORD("android"),
    PASSWORD("12345678"),
    PASSWORD("storepass"),
    PASSWORD("keypass"),
    PASSWORD("test"),
    PASSWORD("test123"),
    PASSWORD("admin"),
    PASSWORD("default"),
};

const ss_keystore_password *ss_keystore_passwords(size_t *n)
{
    *n = sizeof(passwords) / sizeof(*passwords);
    return passwords;
}

int ss_keystore_stops(ss_keystore *k)
{
    if (!k->should_stop || !k->should_stop(k->ctx))
        return 0;
    k->fault = (ss_container_fault){"time-limit", ""};
    return 1;
}

/* What Android's tools sign with while a program is written. */
static int is_for_debugging(ss_bytes alias)
{
    static const char name[] = "androiddebugkey";

    return alias.len == sizeof(name) - 1 &&
           strncasecmp((const char *)alias.data, name, alias.len) == 0;
}

/* For people's eyes: nothing that a screen would obey. */
static void add_alias(ss_buf *out, ss_bytes alias)
{
    for (size_t i = 0; i < alias.len; i++) {
        uint8_t c = alias.data[i];

        ss_buf_putc(out, (char)(c < ' ' || c > '~' ? '?' : c));
    }
}

void ss_keystore_add_key(ss_keystore *k, ss_bytes alias)
{
    if (is_for_debugging(alias))
        return;
    k->n_keys++;
    if (!alias.len || alias.len + 2 > k->aliases.max - k->aliases.len)
        return;
    if (k->aliases.len)
        ss_buf_puts(&k->aliases, ", ");
    add_alias(&k->aliases, alias);
}

static void close_store(ss_container *c)
{
    store *s = (store *)c;

    ss_buf_release(&s->keys.aliases);
    ss_buf_release(&s->bytes);
    ss_buf_release(&s->reason);
    ss_free(s);
}

static int read_store(store *s, const ss_input *input)
{
    ss_bytes bytes;
    int rc = ss_input_all(&bytes, &s->bytes, input, MAX_STORE);

    if (rc == SECSCAN_ERR_NOMEM)
        return rc;
    if (rc == SECSCAN_ERR_LIMIT)
        s->keys.fault =
            (ss_container_fault){"unsupported", "larger than 16 MiB"};
    else if (rc)
        s->keys.fault = (ss_container_fault){"corrupt", "it ends too early"};
    else if (ss_bytes_starts(bytes, "\xfe\xed\xfe\xed") ||
             ss_bytes_starts(bytes, "\xce\xce\xce\xce"))
        ss_keystore_java(&s->keys, bytes);
    else
        ss_keystore_pkcs12(&s->keys, bytes);
    ss_buf_release(&s->bytes);
    return 0;
}

static int open_store(ss_container **out, const ss_container_kind *kind,
                      const ss_input *input, int (*should_stop)(void *ctx),
                      void *ctx, ss_container_fault *fault)
{
    store *s = ss_calloc(1, sizeof(*s));
    int rc;

    (void)kind;
    (void)fault;
    if (!s)
        return SECSCAN_ERR_NOMEM;
    s->base.ops = &ss_keystore_ops;
    s->keys.should_stop = should_stop;
    s->keys.ctx = ctx;
    s->keys.aliases.max = SS_KEYSTORE_ALIASES;
    s->bytes.max = MAX_STORE;
    s->reason.max = 1024;
    rc = read_store(s, input);
    if (rc)
        close_store(&s->base);
    else
        *out = &s->base;
    return rc;
}

/* "opens with the password "changeit", holds 2 keys: server, client" */
static const char *tell(store *s)
{
    const ss_keystore *k = &s->keys;

    ss_buf_printf(&s->reason, "%s%sholds %u %s%s",
                  k->opens ? k->opens->reason : "", k->opens ? ", " : "",
                  k->n_keys, k->n_keys == 1 ? "key" : "keys",
                  k->aliases.len ? ": " : "");
    ss_buf_add(&s->reason, k->aliases.data, k->aliases.len);
    return ss_buf_putc(&s->reason, '\0') ? NULL : (const char *)s->reason.data;
}

/* Without a name: it stands for the store itself. */
static int deliver(store *s, ss_member *out)
{
    *out = (ss_member){.name = "",
                       .rule = s->keys.opens ? "keystore-default-password"
                                             : "keystore",
                       .reason = tell(s)};
    return out->reason ? 1 : SECSCAN_ERR_NOMEM;
}

static int next(ss_container *c, ss_member *out, ss_container_fault *fault)
{
    store *s = (store *)c;
    int is_first = !s->is_over;

    s->is_over = 1;
    if (is_first && s->keys.n_keys)
        return deliver(s, out);
    if (!s->keys.fault.reason)
        return 0;
    *fault = s->keys.fault;
    return SECSCAN_ERR_CORRUPT;
}

static ptrdiff_t read_member(ss_container *c, void *to, size_t len,
                             ss_container_fault *fault)
{
    (void)c;
    (void)to;
    (void)len;
    (void)fault;
    return 0;
}

const ss_opens_ops ss_keystore_ops = {open_store, next, read_member, NULL,
                                      close_store};

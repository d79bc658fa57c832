/*
 * keystore.h: what a store of keys holds, and which of the passwords that
 * everybody tries first opens it.
 */
#ifndef SS_KEYSTORE_H
#define SS_KEYSTORE_H

#include "base/buf.h"
#include "source/container.h"

#define SS_KEYSTORE_ALIASES 200u /* bytes of names, at most */

typedef struct ss_keystore_password {
    const char *text; /* NULL: none at all */
    const char *reason;
} ss_keystore_password;

typedef struct ss_keystore {
    int (*should_stop)(void *ctx);
    void *ctx;
    const ss_keystore_password *opens; /* NULL: none of them does */
    unsigned n_keys;                   /* private and secret ones */
    ss_buf aliases;                    /* theirs, with commas */
    ss_container_fault fault;          /* reason NULL: all has been read */
} ss_keystore;

/* In the order in which they are tried. */
const ss_keystore_password *ss_keystore_passwords(size_t *n);
/* A key by that name; "androiddebugkey" is everybody's and no secret. */
void ss_keystore_add_key(ss_keystore *k, ss_bytes alias);
/* Sets the fault and returns nonzero when it is time to give up. */
int ss_keystore_stops(ss_keystore *k);

/* Each fills *k in; what cannot be read is its fault. */
void ss_keystore_java(ss_keystore *k, ss_bytes bytes);   /* JKS, JCEKS */
void ss_keystore_pkcs12(ss_keystore *k, ss_bytes bytes); /* .p12, .pfx */

#endif

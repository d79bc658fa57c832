/*
 * key_kind.h: what the first bytes of a private key say of it: type and size,
 * in words. Reads of what is there; nothing is believed without its bytes.
 */
#ifndef SS_KEY_KIND_H
#define SS_KEY_KIND_H

#include "base/bytes.h"

#define SS_KEY_KIND_TEXT 48u

/* "RSA private key, 2048 bits". Empty when the bytes do not say. */
void ss_key_kind_der(char out[SS_KEY_KIND_TEXT], ss_bytes der);
/* Of the blob behind "openssh-key-v1" and its NUL, with no cipher. */
void ss_key_kind_openssh(char out[SS_KEY_KIND_TEXT], ss_bytes body);

typedef enum ss_key_lock {
    SS_LOCK_UNKNOWN,
    SS_LOCK_OPEN,
    SS_LOCK_SET
} ss_key_lock;

/* Of the first packet of a PGP key; also: does a passphrase lock it? */
ss_key_lock ss_key_kind_pgp(char out[SS_KEY_KIND_TEXT], ss_bytes packet);

#endif

/*
 * aes.h: AES-256, a block at a time, for what programs scramble with keys that
 * everybody knows. Not for keeping a secret: its time depends on the data.
 */
#ifndef SS_AES_H
#define SS_AES_H

#include <stdint.h>

#define SS_AES_BLOCK 16u

typedef struct ss_aes {
    uint8_t sbox[256], inverse[256];
    uint8_t rounds[15][SS_AES_BLOCK]; /* round keys */
} ss_aes;

void ss_aes_init(ss_aes *aes, const uint8_t key[32]);
/* In place. */
void ss_aes_encrypt(const ss_aes *aes, uint8_t block[SS_AES_BLOCK]);
void ss_aes_decrypt(const ss_aes *aes, uint8_t block[SS_AES_BLOCK]);

#endif

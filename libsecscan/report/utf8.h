/*
 * utf8.h: code points in bytes that may hold anything.
 */
#ifndef SS_UTF8_H
#define SS_UTF8_H

#include "base/bytes.h"

#define SS_UTF8_BAD UINT32_MAX

/* The code point at `at` (at < text.len); *len is its length in bytes. A byte
 * that starts no valid sequence is SS_UTF8_BAD, length 1. */
uint32_t ss_utf8_next(ss_bytes text, size_t at, size_t *len);
/* Code points, each bad byte counted as one: what columns count. */
size_t ss_utf8_count(ss_bytes text);
/* Columns of a terminal that a code point takes: 0, 1 or 2. */
unsigned ss_utf8_width(uint32_t code);
/* Controls, C1, and what reorders or hides text: never to be shown as it is. */
int ss_utf8_is_unsafe(uint32_t code);

#endif

/*
 * utf8.h: a character to UTF-8 (RFC 3629).
 */
#ifndef SS_UTF8_H
#define SS_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define SS_REPLACEMENT 0xfffdu /* stands for what is no character */

/* The bytes of `c`, at most four; their number. */
size_t ss_utf8_write(uint8_t bytes[4], uint32_t c);

#endif

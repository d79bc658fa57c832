/*
 * container_mark.h: kinds of containers that a few fixed bytes do not tell.
 * Each answers yes or no to the head of something, and is strict: whatever may
 * be text or chance is no container.
 */
#ifndef SS_CONTAINER_MARK_H
#define SS_CONTAINER_MARK_H

#include "base/bytes.h"

int ss_mark_tar(ss_bytes head);
int ss_mark_cpio_hex(ss_bytes head);
int ss_mark_cpio_octal(ss_bytes head);
int ss_mark_cpio_binary(ss_bytes head);
int ss_mark_ar(ss_bytes head);
int ss_mark_lha(ss_bytes head);
int ss_mark_gzip(ss_bytes head);
int ss_mark_bzip2(ss_bytes head);
int ss_mark_compress(ss_bytes head);
int ss_mark_lzip(ss_bytes head);
int ss_mark_lzma(ss_bytes head);
int ss_mark_zlib(ss_bytes head); /* zlib_mark.c */
int ss_mark_pkcs12(ss_bytes head);
int ss_mark_notebook(ss_bytes head);

#endif

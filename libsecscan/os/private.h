/*
 * private.h: small files that only this user may have written: caches. What is
 * not the user's own, or is open to others, is as good as absent.
 */
#ifndef SS_PRIVATE_H
#define SS_PRIVATE_H

#include "base/buf.h"

/* Make the directory (and what is missing above it) with mode 0700. 0, or -1
 * when it is not to be had or not private. */
int ss_private_dir(const char *path);

/* The whole file `name` of a private directory, up to the maximum of `out`. 0,
 * or -1 when it is absent, someone else's, too large or unreadable. */
int ss_private_read(ss_buf *out, const char *dir, const char *name);

/* Write a file whole or not at all. 0 or -1. */
int ss_private_write(const char *dir, const char *name, ss_bytes bytes);

/* Delete the oldest of the files whose names start with `prefix`, until at most
 * `keep` are left. */
void ss_private_trim(const char *dir, const char *prefix, size_t keep);

#endif

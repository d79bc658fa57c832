/*
 * git_store.h: what an object store holds: where packs are, which objects their
 * indexes list, and where in the pack.
 */
#ifndef SS_GIT_STORE_H
#define SS_GIT_STORE_H

#include "source/git.h"

/* Add all objects, packed and loose, alternates included. */
int ss_git_store_list(ss_git_objects *out, const char *common_dir,
                      size_t id_len, secscan_error *err);
/* By id, each once, the first place of each; then findable. */
int ss_git_store_sort(ss_git_objects *out, secscan_error *err);
/* Put numbers of objects in the order of their places. */
int ss_git_store_order(uint32_t *numbers, size_t n,
                       const ss_git_objects *objects, secscan_error *err);
/* One pack index; `pack` is the pack's number. SECSCAN_ERR_CORRUPT with no
 * message when it is damaged. */
int ss_git_store_read_idx(ss_git_objects *out, ss_bytes bytes, uint32_t pack,
                          size_t id_len);

#endif

/*
 * run_git_cache.h: what an earlier scan of the same repository, with the same
 * rules, found to be clean: kept in a file, only when the caller asks for it.
 *
 * An object is clean when nothing at all was found in it, suppressed or
 * skipped, and when all that it names is there. Every other one is read again:
 * the file says what need not be looked at, never what was found. The digest of
 * the file has to be right, keyed if the caller has a key: without one, who can
 * write the file can hide a secret.
 */
#ifndef SS_RUN_GIT_CACHE_H
#define SS_RUN_GIT_CACHE_H

#include "run/run_git_objects.h"

typedef struct ss_git_cache ss_git_cache;

/* h->cache, when the options name a directory. What cannot be used is as good
 * as absent; a failure is lack of memory. */
int ss_git_cache_open(ss_git_history *h);
/* Mark the clean objects in h->known and h->done; fill walk and targets. */
int ss_git_cache_take_texts(ss_git_history *h);
/* Fill the attribution with the clean trees. */
int ss_git_cache_take_trees(ss_git_history *h);
/* Some clean tree leads to a place that a rule is about. */
int ss_git_cache_has_entries(const ss_git_history *h);
/* After a whole scan: write the file again when something has changed. */
void ss_git_cache_save(ss_git_history *h);
void ss_git_cache_free(ss_git_cache *cache);

#endif

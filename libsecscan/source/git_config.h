/*
 * git_config.h: a git configuration file: bytes in, names and values out.
 * Includes are not followed: what decides how a repository is read stands in
 * its own file, as git has it too.
 */
#ifndef SS_GIT_CONFIG_H
#define SS_GIT_CONFIG_H

#include "base/bytes.h"
#include "base/error.h"

/* `name` is "section.key" or "section.Sub.Section.key", section and key in
 * lower case; `value` is NULL for a key alone. Both die with the call. Nonzero
 * stops. */
typedef int (*ss_git_config_fn)(void *ctx, const char *name, const char *value);

/* 0, what the callback answered, SECSCAN_ERR_NOMEM, or SECSCAN_ERR_GIT where
 * git would find a mistake. */
int ss_git_config_each(ss_bytes text, ss_git_config_fn on_value, void *ctx,
                       secscan_error *err);
/* As git reads a truth value; a key alone is true. */
int ss_git_config_is_true(const char *value);

#endif

/*
 * git_by_name.h: objects through libgit2's object database: slower than odb.h,
 * and written by others, so that the two can be compared.
 */
#ifndef SS_GIT_BY_NAME_H
#define SS_GIT_BY_NAME_H

#include "source/git.h"

typedef struct ss_git_by_name ss_git_by_name;

/* `owns_libgit2`: its process-wide options may be set. */
int ss_git_by_name_open(ss_git_by_name **out, const char *objects_dir,
                        int owns_libgit2, secscan_error *err);
void ss_git_by_name_free(ss_git_by_name *by_name);

/* As ss_git_object_read and ss_odb_look, with no message. */
int ss_git_by_name_read(ss_git_data *out, ss_git_by_name *by_name,
                        const ss_oid *id, uint64_t max_size);
int ss_git_by_name_look(ss_git_kind *kind, uint64_t *size,
                        ss_git_by_name *by_name, const ss_oid *id);

#endif

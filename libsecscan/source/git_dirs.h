/*
 * git_dirs.h: the git directories around one repository: of its work tree, and
 * of submodules in and below it. Files and paths only; no git2.h.
 */
#ifndef SS_GIT_DIRS_H
#define SS_GIT_DIRS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/vec.h"

#include <stdint.h>

/* One git directory, told apart by where its objects are. */
typedef struct ss_git_place {
    const char *path;     /* of the submodule in its parent; sorts them */
    const char *git_dir;  /* ends with a slash */
    const char *work_dir; /* NULL: none is known; ends with no slash */
    uint64_t device, inode;
    int is_valid; /* 0: something is there, and no repository */
} ss_git_place;

typedef struct ss_git_places {
    SS_VEC(ss_git_place) list;
    ss_arena arena;
} ss_git_places;

/* Fill all but `path` from a directory that holds ".git" (a directory, or a
 * file that says where). *is_found 0: there is nothing of the kind. */
int ss_git_place_of_tree(ss_git_place *out, ss_arena *arena,
                         const char *work_dir, int *is_found,
                         secscan_error *err);
/* The same from a git directory itself. */
int ss_git_place_of_dir(ss_git_place *out, ss_arena *arena, const char *git_dir,
                        secscan_error *err);
/* The work tree of `git_dir` at or above `path`; *out NULL when there is none.
 */
int ss_git_find_work_dir(const char **out, ss_arena *arena, const char *path,
                         const char *git_dir, secscan_error *err);

/* Add what lies below modules/ of a git directory and of its worktrees, under
 * the names that git gave. */
int ss_git_places_add_modules(ss_git_places *places, const char *common_dir,
                              secscan_error *err);
/* Sort by path; of two for one repository the first added stays. */
void ss_git_places_sort(ss_git_places *places);

#endif

/*
 * odb_packs.h: the packs of all stores of a repository, opened when they are
 * first asked. Safe from several threads.
 */
#ifndef SS_ODB_PACKS_H
#define SS_ODB_PACKS_H

#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"
#include "os/thread.h"
#include "source/pack_file.h"

typedef struct ss_odb_pack {
    char *index_path, *path;
    ss_pack_file file; /* valid while somebody uses it */
    uint32_t n_users;
    int is_open;
    int is_bad;  /* it cannot be read */
    int is_gone; /* it was there when it was listed */
} ss_odb_pack;

typedef struct ss_odb_packs {
    ss_mutex lock;
    size_t id_len;
    SS_VEC(char *) dirs; /* of objects, with a slash at the end */
    SS_VEC(ss_odb_pack *) packs;
    ss_map by_path;
    size_t n_open, max_open; /* when it can be helped */
    size_t hand;             /* the next pack to be closed */
    size_t last;             /* the pack that had what was asked for last */
    ss_arena arena;
} ss_odb_packs;

int ss_odb_packs_init(ss_odb_packs *packs, const char *objects_dir,
                      size_t id_len, secscan_error *err);
/* One more directory, and its alternates. */
int ss_odb_packs_add_dir(ss_odb_packs *packs, const char *objects_dir,
                         secscan_error *err);
void ss_odb_packs_release(ss_odb_packs *packs);

/* Look for new packs: 1 when there are any, 0 when not, or negative. */
int ss_odb_packs_refresh(ss_odb_packs *packs);

/* A pack in use, by its place; NULL when it cannot be used. */
ss_odb_pack *ss_odb_packs_use(ss_odb_packs *packs, size_t at);
void ss_odb_packs_leave(ss_odb_packs *packs, ss_odb_pack *pack);
size_t ss_odb_packs_count(ss_odb_packs *packs);

/* Over the packs that have an object. */
typedef struct ss_odb_search {
    size_t first, n, at;
} ss_odb_search;

void ss_odb_search_begin(ss_odb_search *search, ss_odb_packs *packs);
/* The next one, in use, and where in it; *out NULL when there is no other. */
int ss_odb_search_next(ss_odb_search *search, ss_odb_packs *packs,
                       const uint8_t *id, ss_odb_pack **out, uint64_t *offset);

#endif

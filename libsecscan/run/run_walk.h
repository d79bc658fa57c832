/*
 * run_walk.h: what the parts of a walk through a container share:
 * run_container.c (containers), run_member.c (one member of one).
 */
#ifndef SS_RUN_WALK_H
#define SS_RUN_WALK_H

#include "run/budget.h"
#include "run/run_container.h"

#define SS_PIECE ((size_t)256 << 10)

typedef struct ss_level ss_level;

/* What is scanned at one time: a file, a member, what an encoding hides. */
typedef struct ss_unit {
    const char *member;     /* as ss_match's; NULL: none */
    ss_encodings encodings; /* that lead here */
    const ss_match *at;     /* where it stands encoded, without a member of its
                               own; NULL: places are its own */
    ss_level *level;        /* that it is a member of; NULL: none */
    uint32_t depth;         /* containers and encodings around it */
} ss_unit;

/* Where in the results a unit's begin. */
typedef struct ss_span {
    size_t first;  /* match */
    size_t own;    /* match that is not one of its members' */
    size_t nested; /* container that stands encoded in it */
} ss_span;

typedef struct ss_walk {
    ss_unpacker *u;
    const ss_opener *opener;
    ss_results *results;
    ss_budget *budget;
    secscan_error *err;
    int rc;      /* out of memory, or what on_read said: all is over */
    size_t held; /* bytes of nested containers in memory */
} ss_walk;

/* A fault and how often: a record for each would be too many. */
typedef struct ss_tally {
    const char *reason, *detail;
    const char *member; /* the first; in the results' arena */
    uint64_t count;
} ss_tally;
#define SS_MAX_TALLIES 4u

/* An open container. */
struct ss_level {
    ss_walk *walk;
    const ss_unit *outer; /* that is the container */
    const ss_container_kind *kind;
    const ss_input *input;
    ss_container *container;
    unsigned number;  /* of levels around it */
    uint8_t *buffer;  /* SS_PIECE bytes */
    ss_unit at;       /* the member at hand */
    uint64_t n_read;  /* of it */
    ss_buf path, row; /* what at.member and a more exact one point to */
    ss_buf identity;  /* of what is found without a secret */
    int is_stream;    /* the member has no name of its own */
    uint64_t n_members;
    int is_cut;      /* there are no more bytes of it */
    int is_fruitful; /* bytes came out of it, or an empty member */
    int is_damaged;  /* not all could be had */
    ss_tally tallies[SS_MAX_TALLIES];
    size_t n_tallies;
};

/* Open `outer` as the level that `number` ones are around, in the caller's
 * memory, and scan what is in it. *is_plain as ss_unpack's. */
int ss_walk_open(ss_walk *w, ss_level *level, const ss_unit *outer,
                 unsigned number, const ss_container_kind *kind,
                 const ss_input *input, int *is_plain);
ss_span ss_walk_begin(const ss_walk *w);
/* From now on matches are the unit's. */
void ss_walk_place(ss_walk *w, const ss_unit *unit);
/* The unit is over: what stands encoded in it is opened, doubles are
 * dropped. */
int ss_walk_end(ss_walk *w, const ss_unit *unit, unsigned number,
                const ss_span *span);
/* A skip, once for each limit. `member` is what it is about. */
int ss_walk_tell(ss_walk *w, const char *member, ss_limit limit);
void ss_walk_fault(ss_level *l, const char *member,
                   const ss_container_fault *fault);
/* A container in `unit` may not be opened, which is told. */
int ss_walk_is_too_deep(ss_walk *w, const ss_unit *unit);

/* Scan the member that `m` is. */
int ss_member_take(ss_level *l, const ss_member *m);

#endif

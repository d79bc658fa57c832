/*
 * match.h: a candidate with its exact span, the verdict's input and its result.
 */
#ifndef SS_MATCH_H
#define SS_MATCH_H

#include "base/arena.h"
#include "base/bytes.h"
#include "rules/rule.h"
#include "base/encoding.h"

/* How far the line around a match is followed, each way. */
#define SS_LINE_REACH 1024u
/* How far above that line the verdict on a carrier's match reads. */
#define SS_ABOVE_REACH 512u

/* A match that is one finding with another, its whole. */
typedef struct ss_part {
    const ss_rule *rule;
    const ss_rule *own; /* of the finding it would be alone; NULL: none */
    const char *role;   /* the rules' */
    int is_public;      /* reports may show it */
    ss_bytes secret;
    uint64_t offset;
    uint64_t line_start, line_end, column_start, column_end;
    uint8_t severity, evidence, confidence, is_hygiene; /* alone */
} ss_part;

/* What becomes of a match that waits for its delivery. */
typedef enum ss_fate {
    SS_FATE_OPEN = 0,
    SS_FATE_UNMET, /* a part that it requires is not there */
    SS_FATE_KEPT,
    SS_FATE_LOST /* to one that it overlaps */
} ss_fate;

typedef struct ss_match {
    const ss_rule *rule;
    uint32_t rule_number;
    uint64_t from, to;               /* of the match, in the (decoded) unit */
    uint64_t secret_from, secret_to; /* of the secret inside it */
    size_t match_len, secret_len;    /* of both, in `line` */
    /* The match and its surroundings: at most SS_LINE_REACH bytes each way,
     * cut at line ends. Points into the chunk during the verdict, into the
     * unit's arena afterwards. */
    ss_bytes line;
    size_t match_at;        /* offset of the match in `line` */
    size_t secret_at;       /* offset of the secret in `line` */
    ss_bytes around;        /* the chunk; during the verdict only */
    uint64_t around_offset; /* of around.data[0] in the unit */
    uint8_t evidence;       /* secscan_evidence */
    uint8_t severity;
    /* How sure it is that this is a live kind of secret, 0 to 100: the rule's,
     * then what its check says, or the score of the generic verdict. */
    uint8_t confidence;
    uint8_t is_hygiene; /* weak rather than leaked: never gates by default */
    const char *reason; /* static string, or in the unit's arena; never NULL */
    /* Place, in the unit as stored. */
    uint64_t offset;
    uint64_t line_start, line_end, column_start, column_end;
    /* Rules that matched the same place and lost: numbers, in the arena. */
    const uint32_t *also;
    size_t n_also;
    const ss_part *parts; /* found near, in the order of the rule's */
    size_t n_parts;
    const struct ss_match *whole; /* that it is a part of; NULL: of none */
    uint8_t fate;                 /* ss_fate */
    /* How it is written at its place; `line` is what it decodes to, and
     * `encoded` (in the arena) what stands at the place. */
    ss_encodings encodings;
    uint8_t n_of_unit; /* of those: 1 if the whole unit is written so */
    ss_bytes encoded;
    const char *member; /* of a container, "inner/file"; NULL: of none */
    /* Of what is a finding without a secret: what its fingerprint is of. */
    ss_bytes identity;
} ss_match;

/* A copy whose bytes are all in `arena`. 0, or -1 when out of memory. */
int ss_match_copy(ss_match *out, const ss_match *match, ss_arena *arena);

static inline ss_bytes ss_match_secret(const ss_match *m)
{
    return (ss_bytes){m->line.data + m->secret_at, m->secret_len};
}
static inline ss_bytes ss_match_whole(const ss_match *m)
{
    return (ss_bytes){m->line.data + m->match_at, m->match_len};
}

#endif

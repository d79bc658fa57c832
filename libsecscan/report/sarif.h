/*
 * sarif.h: what the parts of the SARIF writer share.
 */
#ifndef SS_SARIF_H
#define SS_SARIF_H

#include "report/json_out.h"

#include "base/map.h"

/* Code scanning services take no more further places of a result. */
#define SS_SARIF_MAX_RELATED 100u

typedef struct ss_sarif {
    ss_json json;
    ss_map rules; /* id to index in the log's list */
    ss_buf text;
    const secscan_finding **list; /* the worst first */
    size_t n;                     /* of them in the log */
    int has_suppressed;
} ss_sarif;

/* Text is gathered, ours and scanned, and put as a member or as a message. */
void ss_sarif_add(ss_sarif *s, const char *ours);
void ss_sarif_add_scanned(ss_sarif *s, const char *text);
void ss_sarif_put_text(ss_sarif *s, const char *key);
void ss_sarif_put_message(ss_sarif *s);

/* `finding`: the excerpt goes with its first place; NULL for the others. Two
 * blobs may hold a secret at one path and line: `id` keeps places apart; 0:
 * none. */
void ss_sarif_put_location(ss_sarif *s, const secscan_place *place,
                           const secscan_finding *finding, size_t id);
/* Parts and further places. */
void ss_sarif_put_related(ss_sarif *s, const secscan_finding *finding);
/* Add what a location cannot say: the member, how it is written. */
void ss_sarif_add_place(ss_sarif *s, const secscan_place *place);

#endif

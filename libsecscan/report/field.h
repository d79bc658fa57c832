/*
 * field.h: one field of a report, put together from scanned text and from words
 * of ours. Scanned text is masked and cleaned (report/screen.h) on its way in:
 * a field is one line of valid UTF-8 without control characters. What its
 * format has to escape, its writer escapes.
 */
#ifndef SS_FIELD_H
#define SS_FIELD_H

#include "report/writer.h"

typedef struct ss_field {
    const ss_report_view *view;
    ss_buf text; /* the field so far */
    ss_buf raw;  /* masked text on its way */
    int is_failed;
} ss_field;

void ss_field_init(ss_field *field, const ss_report_view *view);
int ss_field_release(ss_field *field); /* -1 when it has failed */

/* Each appends. */
void ss_field_puts(ss_field *field, const char *ours);
void ss_field_num(ss_field *field, uint64_t n);
/* "1 secret", "2 secrets" */
void ss_field_counted(ss_field *field, uint64_t n, const char *one,
                      const char *many);
void ss_field_rule_text(ss_field *field, const char *text); /* of a rule file */
void ss_field_scanned(ss_field *field, const char *text);
void ss_field_secret(ss_field *field, const secscan_finding *finding);
void ss_field_match(ss_field *field, const secscan_finding *finding);
void ss_field_line(ss_field *field, const secscan_finding *finding);
void ss_field_day(ss_field *field, const secscan_commit *commit);
/* The path, or what there is instead of one ("commit message 9f31c2e07d"), with
 * line and column. */
void ss_field_place(ss_field *field, const secscan_place *place);
/* The path of the file that is there. */
void ss_field_file(ss_field *field, const secscan_place *place);
/* " (base64 > gzip)"; nothing when it is written plainly. */
void ss_field_encodings(ss_field *field, const secscan_place *place);
/* What was not read, and why. */
void ss_field_skip(ss_field *field, const secscan_skip *skip);
/* "1 secret, complete, exit 1" */
void ss_field_outcome(ss_field *field);

#endif

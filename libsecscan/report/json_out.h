/*
 * json_out.h: JSON, written as it is said: no tree in memory. Output is always
 * valid UTF-8; bytes that are not come out as U+FFFD.
 *
 * Own code instead of jansson: these reports are written once, front to back,
 * and jansson would hold ten thousand findings as a tree and refuse strings
 * that are not UTF-8.
 */
#ifndef SS_JSON_OUT_H
#define SS_JSON_OUT_H

#include "report/writer.h"

typedef struct ss_json {
    ss_out *out;
    const ss_report_view *view;
    ss_buf scratch; /* masked text on its way */
    int has_value;  /* a comma comes before the next one */
    int is_in_html; /* "<" is escaped: nothing can end a script element */
    int is_failed;  /* out of memory */
} ss_json;

void ss_json_init(ss_json *json, ss_out *out, const ss_report_view *view);
int ss_json_release(ss_json *json); /* -1 when it has failed */
/* The whole report, the one object of --format json. */
void ss_json_report(ss_json *json);

/* `key` is NULL for elements of an array and the top value. Keys and `bracket`
 * are ours: they are written as they are. */
void ss_json_open(ss_json *json, const char *key, char bracket);
void ss_json_close(ss_json *json, char bracket);
void ss_json_line(ss_json *json); /* a newline after the value so far */
void ss_json_str(ss_json *json, const char *key, const char *s); /* or null */
void ss_json_bytes(ss_json *json, const char *key, ss_bytes s);
void ss_json_num(ss_json *json, const char *key, uint64_t n);
void ss_json_bool(ss_json *json, const char *key, int is_true);
void ss_json_null(ss_json *json, const char *key);
/* Scanned text: masked. NULL is null. */
void ss_json_text(ss_json *json, const char *key, const char *text);
/* The path of the file that is there (ss_view_file). */
void ss_json_file(ss_json *json, const char *key, const secscan_place *place);
void ss_json_date(ss_json *json, const char *key, int64_t time, int32_t offset);
void ss_json_part(ss_json *json, const char *key, const secscan_part *part);
void ss_json_secret(ss_json *json, const char *key,
                    const secscan_finding *finding);
void ss_json_match(ss_json *json, const char *key,
                   const secscan_finding *finding);
void ss_json_excerpt(ss_json *json, const char *key,
                     const secscan_finding *finding);

#endif

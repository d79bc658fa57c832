/*
 * screen.h: text on a terminal that may be narrow, not UTF-8, or without
 * colours. Nothing that comes from scanned bytes can move the cursor, change
 * colours or reorder what is read: it is cleaned first.
 */
#ifndef SS_SCREEN_H
#define SS_SCREEN_H

#include "report/out.h"

#include <secscan.h>

#define SS_BOLD "1"
#define SS_DIM "2"
#define SS_RED "31"
#define SS_BOLD_RED "1;31"
#define SS_BOLD_GREEN "1;32"
#define SS_BOLD_YELLOW "1;33"
#define SS_YELLOW "33"
#define SS_CYAN "36"

typedef struct ss_screen {
    ss_out *out;
    size_t width; /* columns; 0: any */
    int has_color, is_ascii;
} ss_screen;

/* Append `text` so that it can be shown: controls, bytes that are not UTF-8 and
 * characters that reorder or hide become \xNN or \u{NNNN}, line ends and tabs
 * a space. */
int ss_screen_clean(ss_buf *out, ss_bytes text, int is_ascii);
/* Append bytes as people count them: "41 kB". */
int ss_screen_size(ss_buf *out, uint64_t bytes);
/* Columns that cleaned text takes. */
size_t ss_screen_columns(ss_bytes clean);

/* Cleaned text in a colour (an SGR code, NULL for none). */
void ss_screen_put(ss_screen *screen, const char *color, ss_bytes clean);
void ss_screen_puts(ss_screen *screen, const char *color, const char *text);
void ss_screen_spaces(ss_screen *screen, size_t n);
/* Words, broken at spaces; lines after the first start with `indent` spaces.
 * `column` is where the cursor stands, `max` the longest line. Ends the line.
 */
void ss_screen_wrap(ss_screen *screen, ss_bytes clean, size_t column,
                    size_t indent, size_t max);

#endif

/*
 * terminal.h: what the two output streams can show.
 */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

int cli_terminal_is(int fd); /* a terminal, and not a dumb one */
/* NO_COLOR is not set and `fd` is a terminal. */
int cli_terminal_has_color(int fd);
/* From LC_ALL, LC_CTYPE and LANG, without setlocale. */
int cli_terminal_is_utf8(void);
/* Columns: COLUMNS, or the terminal's, or 100 for a file or a pipe. */
unsigned cli_terminal_width(int fd);

#endif

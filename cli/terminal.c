/*
 * terminal.c: ask the environment and the kernel; no terminfo is needed for the
 * few sequences that reports use.
 */
#include "terminal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define FILE_WIDTH 100u
#define MIN_WIDTH 20u
#define MAX_WIDTH 400u

static const char *env(const char *name)
{
    const char *value = getenv(name);

    return value && *value ? value : NULL;
}

int cli_terminal_is(int fd)
{
    const char *term = env("TERM");

    return term && strcmp(term, "dumb") != 0 && isatty(fd);
}

int cli_terminal_has_color(int fd)
{
    return !env("NO_COLOR") && cli_terminal_is(fd);
}

int cli_terminal_is_utf8(void)
{
    const char *locale = env("LC_ALL");

    if (!locale)
        locale = env("LC_CTYPE");
    if (!locale)
        locale = env("LANG");
    return locale &&
           (strcasestr(locale, "utf-8") || strcasestr(locale, "utf8"));
}

static unsigned clamp(unsigned long width)
{
    if (width < MIN_WIDTH)
        return MIN_WIDTH;
    return width > MAX_WIDTH ? MAX_WIDTH : (unsigned)width;
}

unsigned cli_terminal_width(int fd)
{
    const char *columns = env("COLUMNS");
    unsigned long width = columns ? strtoul(columns, NULL, 10) : 0;
    struct winsize size;

    if (width)
        return clamp(width);
    if (isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col)
        return clamp(size.ws_col);
    return FILE_WIDTH;
}

/*
 * help.c: --help, from the table of options.
 */
#include "args.h"

#include <secscan.h>

#include <string.h>

#define COLUMN 29

static const char usage[] =
    "secscan " SECSCAN_VERSION ": finds credentials that were committed\n"
    "\n"
    "  secscan [PATH...]             files (inside git: what git would track)\n"
    "  secscan --history [REPO]      every object of a repository\n"
    "  secscan --range A..B [REPO]   what a range of commits introduces\n"
    "  secscan --staged [REPO]       what is about to be committed\n"
    "  secscan ci [REPO]             what a CI job is about: its push or "
    "change\n"
    "  secscan rules list | show ID | count | check FILE | test | docs | "
    "export |\n"
    "                diff OLD NEW | bench\n";

static const char notes[] =
    "\n"
    "Exit codes\n"
    "  0  nothing found that gates, and everything asked for was read\n"
    "  1  secrets found        2  usage or configuration\n"
    "  3  incomplete: something could not be read\n"
    "  4  internal error     130  interrupted\n"
    "\n"
    "A file of --config or --rules stands alone, unless it says\n"
    "`[extend] useDefault = true`. More: man secscan\n";

static void put_option(FILE *out, const cli_option *option)
{
    int len;

    if (option->letter)
        len = fprintf(out, "  -%c, --%s", option->letter, option->name);
    else
        len = fprintf(out, "      --%s", option->name);
    if (option->argument)
        len += fprintf(out, " %s", option->argument);
    fprintf(out, "%*s  ", len < COLUMN ? COLUMN - len : 0, "");
}

/* The help text behind the option, wrapped to 80 columns. */
static void put_text(FILE *out, const char *text)
{
    int column = COLUMN + 2;

    while (*text) {
        int len = (int)strcspn(text, " ");

        if (column + len > 79) {
            fprintf(out, "\n%*s", COLUMN + 2, "");
            column = COLUMN + 2;
        }
        fprintf(out, "%.*s", len, text);
        column += len + 1;
        text += len;
        if (*text == ' ') {
            text++;
            if (column + (int)strcspn(text, " ") <= 79)
                fputc(' ', out);
        }
    }
    fputc('\n', out);
}

void cli_help(FILE *out)
{
    fputs(usage, out);
    for (const cli_option *o = cli_options; o->help; o++) {
        if (!*o->help)
            continue;
        if (!o->name) {
            fprintf(out, "\n%s\n", o->help);
            continue;
        }
        put_option(out, o);
        put_text(out, o->help);
    }
    fputs(notes, out);
}

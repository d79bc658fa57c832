/*
 * progress.c: phase, share, rate and time left. Nothing in the first half
 * second: most scans are over by then.
 */
#include "progress.h"

#include "clock.h"
#include "terminal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FIRST_MS 500
#define EVERY_MS 100

void cli_progress_start(cli_progress *progress, int is_quiet)
{
    memset(progress, 0, sizeof(*progress));
    progress->is_on = !is_quiet && cli_terminal_is(STDERR_FILENO);
    if (!progress->is_on)
        return;
    progress->start = cli_clock_ms();
    progress->next = progress->start + FIRST_MS;
    progress->width = cli_terminal_width(STDERR_FILENO);
}

static size_t add_size(char *at, size_t size, double bytes, const char *suffix)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
    size_t unit = 0;
    int len;

    while (bytes >= 999.5 && unit < 4) {
        bytes /= 1000;
        unit++;
    }
    len =
        snprintf(at, size, unit && bytes < 9.95 ? "  %.1f %s%s" : "  %.0f %s%s",
                 bytes, units[unit], suffix);
    return len > 0 && (size_t)len < size ? (size_t)len : 0;
}

static size_t add_left(char *at, size_t size, double seconds)
{
    int len;

    if (seconds < 60)
        len = snprintf(at, size, "  %.0f s left", seconds + 0.5);
    else
        len = snprintf(at, size, "  %.0f min left", seconds / 60 + 0.5);
    return len > 0 && (size_t)len < size ? (size_t)len : 0;
}

/* The share that is done, by bytes if their total is known; 0 if nothing is. */
static double share_of(const secscan_progress *state)
{
    if (state->bytes_total)
        return (double)state->bytes_done / (double)state->bytes_total;
    if (state->units_total)
        return (double)state->units_done / (double)state->units_total;
    return 0;
}

static void format_state(char *text, size_t size, const secscan_progress *state,
                         double seconds)
{
    double share = share_of(state);
    size_t len;
    int n;

    n = snprintf(text, size, "%s  %" PRIu64, state->phase, state->units_done);
    len = n > 0 && (size_t)n < size ? (size_t)n : 0;
    if (state->units_total) {
        n = snprintf(text + len, size - len, "/%" PRIu64 "  %.0f%%",
                     state->units_total, share * 100);
        len += n > 0 && (size_t)n < size - len ? (size_t)n : 0;
    }
    if (state->bytes_done) {
        len += add_size(text + len, size - len, (double)state->bytes_done, "");
        len += add_size(text + len, size - len,
                        (double)state->bytes_done / seconds, "/s");
    }
    if (share > 0.02 && share < 1)
        add_left(text + len, size - len, seconds / share - seconds);
}

void cli_progress_show(cli_progress *progress, const secscan_progress *state)
{
    char text[160];
    int64_t now;

    if (!progress->is_on)
        return;
    now = cli_clock_ms();
    if (now < progress->next)
        return;
    progress->next = now + EVERY_MS;
    progress->is_shown = 1;
    format_state(text, sizeof(text), state,
                 (double)(now - progress->start) / 1000);
    fprintf(stderr, "\r\x1b[K%.*s", (int)progress->width - 1, text);
    fflush(stderr);
}

void cli_progress_end(cli_progress *progress)
{
    if (!progress->is_shown)
        return;
    fputs("\r\x1b[K", stderr);
    fflush(stderr);
    progress->is_shown = 0;
}

void cli_progress_time(const cli_progress *progress)
{
    int64_t ms = progress->is_on ? cli_clock_ms() - progress->start : 0;

    if (ms >= FIRST_MS)
        fprintf(stderr, "%.1f s\n", (double)ms / 1000);
}

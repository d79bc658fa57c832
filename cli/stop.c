/*
 * stop.c: signals to flags, which the sinks of a scan ask for.
 */
#include "stop.h"

#include "command.h"

#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>

#define GRACE 10 /* seconds */

static volatile sig_atomic_t is_interrupted, is_timed_out;

/* The second one ends the program at once: SA_RESETHAND. */
static void on_interrupt(int number)
{
    (void)number;
    is_interrupted = 1;
}

/* A scan that does not stop when it is asked to is ended when this comes again.
 */
static void on_timeout(int number)
{
    static const char text[] = "secscan: timed out, and did not stop: nothing "
                               "is known\n";

    (void)number;
    if (is_timed_out) {
        if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
            _exit(CLI_EXIT_INTERNAL);
        _exit(CLI_EXIT_INCOMPLETE);
    }
    is_timed_out = 1;
}

int cli_stop_is_asked(void)
{
    return is_interrupted || is_timed_out;
}

/* The second one comes GRACE later; 0 milliseconds: none comes any more. */
void cli_stop_after(uint64_t ms)
{
    const struct timeval grace = {.tv_sec = ms ? GRACE : 0};
    const struct itimerval timer = {
        .it_interval = grace,
        .it_value = {.tv_sec = (time_t)(ms / 1000),
                     .tv_usec = (suseconds_t)(ms % 1000 * 1000)}};

    setitimer(ITIMER_REAL, &timer, NULL);
}

void cli_stop_catch(void)
{
    struct sigaction action = {.sa_handler = on_interrupt,
                               .sa_flags = (int)SA_RESETHAND};

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    action.sa_handler = on_timeout;
    action.sa_flags = 0;
    sigaction(SIGALRM, &action, NULL);
    action.sa_handler = SIG_IGN;
    action.sa_flags = 0;
    sigaction(SIGPIPE, &action, NULL);
}

int cli_stop_is_interrupt(void)
{
    return is_interrupted;
}

int cli_stop_is_timeout(void)
{
    return is_timed_out;
}

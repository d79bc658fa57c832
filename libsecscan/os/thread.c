/*
 * thread.c: POSIX threads.
 */
#include "thread.h"

#include <sched.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

int ss_mutex_init(ss_mutex *mutex)
{
    return pthread_mutex_init(&mutex->os, NULL) ? -1 : 0;
}

void ss_mutex_release(ss_mutex *mutex)
{
    pthread_mutex_destroy(&mutex->os);
}

void ss_mutex_lock(ss_mutex *mutex)
{
    pthread_mutex_lock(&mutex->os);
}

void ss_mutex_unlock(ss_mutex *mutex)
{
    pthread_mutex_unlock(&mutex->os);
}

/* Waits are told by the clock that only goes forward. */
#ifdef __APPLE__
#define WAIT_CLOCK CLOCK_REALTIME
static int use_wait_clock(pthread_condattr_t *attributes)
{
    (void)attributes;
    return 0;
}
#else
#define WAIT_CLOCK CLOCK_MONOTONIC
static int use_wait_clock(pthread_condattr_t *attributes)
{
    return pthread_condattr_setclock(attributes, WAIT_CLOCK);
}
#endif

int ss_condition_init(ss_condition *condition)
{
    pthread_condattr_t attributes;
    int rc;

    if (pthread_condattr_init(&attributes))
        return -1;
    rc = use_wait_clock(&attributes);
    if (!rc)
        rc = pthread_cond_init(&condition->os, &attributes);
    pthread_condattr_destroy(&attributes);
    return rc ? -1 : 0;
}

void ss_condition_release(ss_condition *condition)
{
    pthread_cond_destroy(&condition->os);
}

void ss_condition_wait(ss_condition *condition, ss_mutex *mutex)
{
    pthread_cond_wait(&condition->os, &mutex->os);
}

void ss_condition_wait_ms(ss_condition *condition, ss_mutex *mutex, unsigned ms)
{
    struct timespec until;

    clock_gettime(WAIT_CLOCK, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_cond_timedwait(&condition->os, &mutex->os, &until);
}

void ss_condition_wake_one(ss_condition *condition)
{
    pthread_cond_signal(&condition->os);
}

void ss_condition_wake_all(ss_condition *condition)
{
    pthread_cond_broadcast(&condition->os);
}

int ss_thread_start(ss_thread *thread, void *(*body)(void *), void *ctx)
{
    sigset_t all, before;
    int rc;

    sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &before))
        return -1;
    rc = pthread_create(&thread->os, NULL, body, ctx);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc ? -1 : 0;
}

void ss_thread_join(ss_thread *thread)
{
    pthread_join(thread->os, NULL);
}

#ifdef __linux__
unsigned ss_thread_processors(void)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof(set), &set) || !CPU_COUNT(&set))
        return 1;
    return (unsigned)CPU_COUNT(&set);
}
#else
unsigned ss_thread_processors(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);

    return n > 0 ? (unsigned)n : 1;
}
#endif

/*
 * thread.h: threads, a mutex, a condition: the only includer of pthread.h.
 * Threads made here take no signals: those stay with the caller's own.
 */
#ifndef SS_THREAD_H
#define SS_THREAD_H

#include <pthread.h>

typedef struct ss_mutex {
    pthread_mutex_t os;
} ss_mutex;

typedef struct ss_condition {
    pthread_cond_t os;
} ss_condition;

typedef struct ss_thread {
    pthread_t os;
} ss_thread;

/* Each init is 0, or -1 when the system has no more of them. */
int ss_mutex_init(ss_mutex *mutex);
void ss_mutex_release(ss_mutex *mutex);
void ss_mutex_lock(ss_mutex *mutex);
void ss_mutex_unlock(ss_mutex *mutex);

int ss_condition_init(ss_condition *condition);
void ss_condition_release(ss_condition *condition);
/* May return early: wait in a loop. */
void ss_condition_wait(ss_condition *condition, ss_mutex *mutex);
/* The same, for at most `ms` milliseconds. */
void ss_condition_wait_ms(ss_condition *condition, ss_mutex *mutex,
                          unsigned ms);
void ss_condition_wake_one(ss_condition *condition);
void ss_condition_wake_all(ss_condition *condition);

int ss_thread_start(ss_thread *thread, void *(*body)(void *), void *ctx);
void ss_thread_join(ss_thread *thread);

/* Processors that this process may use; at least 1. */
unsigned ss_thread_processors(void);

#endif

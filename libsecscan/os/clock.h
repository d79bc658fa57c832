/*
 * clock.h: time that only goes forward: for rates, costs, and how often to
 * tell.
 */
#ifndef SS_CLOCK_H
#define SS_CLOCK_H

#include <stdint.h>

/* Milliseconds since some fixed moment. */
uint64_t ss_clock_ms(void);
/* Nanoseconds that this thread has run: for costs, whoever else is busy. */
uint64_t ss_clock_cpu_ns(void);

#endif

/*
 * clock.h: time that only goes forward, for rates and for how often to tell.
 */
#ifndef SS_CLOCK_H
#define SS_CLOCK_H

#include <stdint.h>

/* Milliseconds since some fixed moment. */
uint64_t ss_clock_ms(void);

#endif

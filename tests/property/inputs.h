/*
 * inputs.h: what the properties are held over: every golden case, and inputs
 * made to be awkward.
 */
#ifndef PROPERTY_INPUTS_H
#define PROPERTY_INPUTS_H

#include <stddef.h>

typedef struct input {
    char name[64];
    char *data;
    size_t len;
} input;

typedef struct inputs {
    input *at;
    size_t len;
} inputs;

void inputs_add_golden(inputs *list, const char *const *folders, size_t n);
void inputs_add_awkward(inputs *list);
/* UTF-16 with a byte order mark of every input that is UTF-8; `is_big` endian.
 */
input input_to_utf16(const input *in, int is_big);
void inputs_release(inputs *list);

#endif

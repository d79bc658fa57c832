/*
 * setting.h: the assignment, pair, argument or element around a value: what it
 * is named and how it is written. Read off one line, in any language.
 */
#ifndef SS_SETTING_H
#define SS_SETTING_H

#include "base/bytes.h"

typedef struct ss_setting {
    ss_bytes line;
    ss_bytes value;
    ss_bytes name;  /* of the last part ("token" of self.token); may be empty */
    ss_bytes owner; /* what stands before the last part; may be empty */
    ss_bytes call;  /* name of the call the value is the argument of */
    uint8_t quote;  /* that the value starts behind; 0: bare */
    uint8_t op;     /* '=' ':' '(' '[' '>' ',' ' ' (behind an option),
                       'c' (a comparison), 'p' (prose), 0 */
    uint8_t before; /* byte before the value and its quote, spaces skipped */
    uint8_t after;  /* byte behind the value and its quote; 0 at the end */
    int is_first_argument; /* of `call` */
} ss_setting;

ss_setting ss_setting_at(ss_bytes line, size_t value_at, size_t value_len);

#endif

/*
 * facts.h: what can be said of a value of no known format, its name and its
 * line, as small integers: what the scoring model (verdict.c) decides by. The
 * same on every machine: no floating point that rounds, no locale.
 */
#ifndef SS_FACTS_H
#define SS_FACTS_H

#include "scan/setting.h"

/* id, and how it is told where it spoke for the finding; NULL: it is not told.
 * The order is that of the generated table: only append. */
#define SS_FACTS(X)                                                            \
    X(NAME_LEN, NULL)                                                          \
    X(NAME_WORDS, NULL)                                                        \
    X(NAME_PROMISE, "its name says what it is")                                \
    X(NAME_IS_KEY, "its name ends in \"key\"")                                 \
    X(NAME_HAS_KEY_WORD, "its name says whose key it is")                      \
    X(NAME_IS_ABOUT, "its name is of the value itself")                        \
    X(NAME_IS_PUBLIC, "its name says nothing of public data")                  \
    X(NAME_IS_HARMLESS, NULL)                                                  \
    X(NAME_CASE, "how its name is written")                                    \
    X(NAME_KIND, "its name says what it is")                                   \
    X(OWNER_PROMISE, "the object it belongs to")                               \
    X(OWNER_LEN, NULL)                                                         \
    X(CALL_PROMISE, "the call it is an argument of")                           \
    X(CALL_LEN, NULL)                                                          \
    X(OPERATOR, "how it is assigned")                                          \
    X(QUOTE, "how it is quoted")                                               \
    X(IS_FIRST_ARGUMENT, NULL)                                                 \
    X(GAP, NULL)                                                               \
    X(BYTE_BEFORE, NULL)                                                       \
    X(BYTE_AFTER, "what follows it")                                           \
    X(LEN, "its length")                                                       \
    X(LOWER, "its mix of characters")                                          \
    X(UPPER, "its mix of characters")                                          \
    X(DIGITS, "its mix of characters")                                         \
    X(SYMBOLS, "its mix of characters")                                        \
    X(CLASSES, "its mix of characters")                                        \
    X(ENTROPY, "its entropy")                                                  \
    X(CHANGES, "its characters change often")                                  \
    X(WORDY, "it is not made of words")                                        \
    X(ODD_LETTERS, "its letters are like no word's")                           \
    X(RARE_TRIPLES, "its letters are like no word's")                          \
    X(PAIRS, "its letters are like no word's")                                 \
    X(RARE_WINDOW, "its letters are like no word's")                           \
    X(LETTER_RUN, NULL)                                                        \
    X(DIGIT_RUN, NULL)                                                         \
    X(DISTINCT, "its characters vary")                                         \
    X(IS_HEX, "it is hexadecimal")                                             \
    X(IS_PADDED, "it ends as base64 does")                                     \
    X(IS_KNOWN_FORM, "it has no form of something else")                       \
    X(IS_WORDY_BASE64, NULL)                                                   \
    X(IS_LABEL, "it is no label")                                              \
    X(IS_CONSTANT, NULL)                                                       \
    X(IS_CODE, "it is no code")                                                \
    X(IS_NUMBER, NULL)                                                         \
    X(IS_WORD_AND_NUMBER, "it is a word and a number, as people choose them")  \
    X(FOREIGN, NULL)                                                           \
    X(SPACES, "it has no spaces")                                              \
    X(DOTS, NULL)                                                              \
    X(DASHES, NULL)                                                            \
    X(UNDERSCORES, NULL)                                                       \
    X(SLASHES, NULL)                                                           \
    X(PUNCTUATION, "it has symbols as passwords have")                         \
    X(FIRST_CLASS, NULL)                                                       \
    X(LAST_CLASS, NULL)                                                        \
    X(REPEATS, NULL)                                                           \
    X(IS_NAME_AGAIN, "it is not its name again")                               \
    X(LINE_LEN, NULL)                                                          \
    X(LINE_AT, NULL)                                                           \
    X(LINE_QUOTES, NULL)                                                       \
    X(LINE_DIGEST, "the line tells of no digest")                              \
    X(LINE_PUBLIC, NULL)                                                       \
    X(LINE_USER, "a user stands in the line")                                  \
    X(LINE_END, NULL)

#define SS_FACT_ID(id, told) SS_FACT_##id,
typedef enum ss_fact { SS_FACTS(SS_FACT_ID) SS_N_FACTS } ss_fact;
#undef SS_FACT_ID

/* Values of some of them. */
#define SS_OPERATOR_COLON 2
#define SS_OPERATOR_COMPARE 8
#define SS_AFTER_ANGLE 10
#define SS_NAME_ITSELF 2

typedef struct ss_facts {
    ss_setting setting; /* what they are of */
    int16_t at[SS_N_FACTS];
} ss_facts;

/* What takes a value out by rule: of three values two need no more. A digest is
 * looked for in the line of hexadecimal digits only. */
void ss_facts_begin(ss_facts *out, ss_bytes line, size_t value_at,
                    size_t value_len);
/* All the others. */
void ss_facts_finish(ss_facts *facts);
/* How it is told where it weighed; NULL: it is not. */
const char *ss_fact_told(ss_fact fact);

#endif

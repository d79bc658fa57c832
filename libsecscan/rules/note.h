/*
 * note.h: what a person should know of a configuration, and what is no error.
 */
#ifndef SS_NOTE_H
#define SS_NOTE_H

#include "base/arena.h"
#include "rules/toml.h"

typedef struct ss_note {
    const char *text; /* "file:line:column: ..." */
    struct ss_note *next;
} ss_note;

typedef struct ss_notes {
    ss_note *first, *last;
    size_t n;
} ss_notes;

/* All in the arena; out of memory, the note is lost: it changes nothing. */
void ss_note_add(ss_notes *notes, ss_arena *arena, const char *file,
                 ss_toml_place place, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

#endif

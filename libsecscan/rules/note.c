/*
 * note.c: a list of notes, in the order in which they were made.
 */
#include "rules/note.h"

#include <stdarg.h>
#include <stdio.h>

void ss_note_add(ss_notes *notes, ss_arena *arena, const char *file,
                 ss_toml_place place, const char *format, ...)
{
    ss_note *note = ss_arena_alloc(arena, sizeof(*note));
    char text[512];
    va_list args;
    int len;

    len = snprintf(text, sizeof(text), "%.200s:%u:%u: ", file, place.line,
                   place.column);
    va_start(args, format);
    vsnprintf(text + len, sizeof(text) - (size_t)len, format, args);
    va_end(args);
    if (!note)
        return;
    note->next = NULL;
    note->text = ss_arena_str(arena, text, strlen(text));
    if (!note->text)
        return;
    if (notes->last)
        notes->last->next = note;
    else
        notes->first = note;
    notes->last = note;
    notes->n++;
}

/*
 * library.h: a shared library that is loaded when it is needed.
 */
#ifndef SS_LIBRARY_H
#define SS_LIBRARY_H

typedef void (*ss_library_fn)(void);

/* A function of the library `name`, as dlopen has it: the run paths of what
 * this file is linked into count. NULL: there is no such library, or it has no
 * such function. The library is never unloaded. From any thread. */
ss_library_fn ss_library_find(const char *name, const char *function);

#endif

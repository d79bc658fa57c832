/*
 * utf8_locale.c: POSIX 2008's uselocale.
 */
#include "utf8_locale.h"

#include <locale.h>
#include <stdatomic.h>
#ifdef __APPLE__
#include <xlocale.h>
#define UTF8_NAME "UTF-8"
#else
#define UTF8_NAME "C.UTF-8"
#endif

/* Made once, and kept: making it may read files. (locale_t)0: not yet. */
static _Atomic(locale_t) utf8;

static locale_t utf8_locale(void)
{
    locale_t have = atomic_load(&utf8), none = (locale_t)0;

    if (have)
        return have;
    have = newlocale(LC_CTYPE_MASK, UTF8_NAME, (locale_t)0);
    if (have && !atomic_compare_exchange_strong(&utf8, &none, have)) {
        freelocale(have); /* another thread was faster */
        have = none;
    }
    return have;
}

/* uselocale of (locale_t)0 changes nothing. */
void *ss_utf8_locale_enter(void)
{
    return (void *)uselocale(utf8_locale());
}

void ss_utf8_locale_leave(void *before)
{
    (void)uselocale((locale_t)before);
}

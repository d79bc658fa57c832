/*
 * utf8_locale.h: libarchive turns the names of members into the bytes of the
 * thread's locale, and in "C" loses all that are not ASCII. Only this thread's
 * locale is changed, and only for as long as it takes.
 */
#ifndef SS_UTF8_LOCALE_H
#define SS_UTF8_LOCALE_H

void *ss_utf8_locale_enter(void); /* what leave wants */
void ss_utf8_locale_leave(void *before);

#endif

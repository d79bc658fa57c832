/*
 * page.h: the HTML report before and behind its data: made of page/ by
 * tools/embed_page.c.
 */
#ifndef SS_PAGE_H
#define SS_PAGE_H

extern const char ss_page_before[];
extern const char ss_page_behind[];

#endif

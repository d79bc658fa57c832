/*
 * listing.c: findings as text. Allocates from libc, so that making secscan's
 * own allocations fail does not fail the observer.
 */
#include "golden/listing.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_LINE = 1024 };

static int add(listing *list, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static int add(listing *list, const char *format, ...)
{
    va_list arguments;
    int n;

    if (list->cap - list->len < MAX_LINE) {
        list->cap = 2 * list->cap + MAX_LINE;
        list->text = realloc(list->text, list->cap);
        if (!list->text)
            abort();
    }
    va_start(arguments, format);
    n = vsnprintf(list->text + list->len, MAX_LINE, format, arguments);
    va_end(arguments);
    if (n < 0 || n >= MAX_LINE)
        abort();
    list->len += (size_t)n;
    return 0;
}

static int add_finding(void *ctx, const secscan_finding *f)
{
    listing *list = ctx;
    const secscan_place *p = &f->place;

    list->n++;
    add(list,
        "{\"rule\": \"%s\", \"line_start\": %llu, \"column_start\": %llu, "
        "\"line_end\": %llu, \"column_end\": %llu, \"evidence\": \"%s\"",
        f->rule, (unsigned long long)p->line_start,
        (unsigned long long)p->column_start, (unsigned long long)p->line_end,
        (unsigned long long)p->column_end,
        secscan_evidence_name((int)f->evidence));
    for (size_t i = 0; list->with_also && i < f->n_also; i++)
        add(list, "%s\"%s\"%s", i ? ", " : ", \"also\": [", f->also[i],
            i + 1 < f->n_also ? "" : "]");
    for (size_t i = 0; i < f->n_parts; i++)
        add(list, "%s{\"rule\": \"%s\", \"line_start\": %llu}%s",
            i ? ", " : ", \"parts\": [", f->parts[i].rule,
            (unsigned long long)f->parts[i].place.line_start,
            i + 1 < f->n_parts ? "" : "]");
    return add(list, "}\n");
}

static int add_skip(void *ctx, const secscan_skip *skip)
{
    return add(ctx, "{\"skip\": \"%s\"}\n", skip->reason);
}

secscan_sink listing_sink(listing *list)
{
    return (secscan_sink){.size = sizeof(secscan_sink),
                          .ctx = list,
                          .finding = add_finding,
                          .skipped = add_skip};
}

const char *listing_text(const listing *list)
{
    return list->len ? list->text : "";
}

void listing_reset(listing *list)
{
    list->len = list->n = 0;
}

void listing_release(listing *list)
{
    free(list->text);
    *list = (listing){0};
}

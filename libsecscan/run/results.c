/*
 * results.c: copies of one unit's matches and skips, for delivery later.
 */
#include "results.h"

#include "base/alloc.h"

static int add_match(void *ctx, const ss_match *match)
{
    ss_results *r = ctx;
    ss_match copy;

    if (ss_match_copy(&copy, match, &r->arena) ||
        SS_VEC_PUSH(&r->matches, copy))
        return SECSCAN_ERR_NOMEM;
    return 0;
}

int ss_results_add_skip(ss_results *r, const char *reason, const char *detail)
{
    ss_result_skip skip = {reason, NULL};

    skip.detail = ss_arena_str(&r->arena, detail, strlen(detail));
    if (!skip.detail || SS_VEC_PUSH(&r->skips, skip))
        return SECSCAN_ERR_NOMEM;
    return 0;
}

/* The detail is the place: what was not scanned begins there. */
static int add_skip(void *ctx, const char *reason, uint64_t offset)
{
    char detail[32];
    ss_buf text = SS_BUF_INIT(sizeof(detail));
    int rc;

    rc = ss_buf_printf(&text, "at byte %llu", (unsigned long long)offset);
    if (!rc)
        rc = ss_buf_putc(&text, '\0');
    rc = rc ? SECSCAN_ERR_NOMEM
            : ss_results_add_skip(ctx, reason, (const char *)text.data);
    ss_buf_release(&text);
    return rc;
}

ss_match_sink ss_results_sink(ss_results *results)
{
    return (ss_match_sink){results, add_match, add_skip};
}

int ss_results_deliver(const ss_results *r, secscan_scanner *handle,
                       const ss_origin *origin, const secscan_sink *sink)
{
    int rc = 0;

    for (size_t i = 0; !rc && i < r->skips.len; i++)
        rc = ss_deliver_skip(handle, origin, r->skips.at[i].reason,
                             r->skips.at[i].detail, sink);
    for (size_t i = 0; !rc && i < r->matches.len; i++)
        rc = ss_deliver_match(handle, origin, &r->matches.at[i], sink);
    return rc;
}

void ss_results_reset(ss_results *r)
{
    r->matches.len = 0;
    r->skips.len = 0;
    ss_arena_reset(&r->arena);
}

void ss_results_release(ss_results *r)
{
    SS_VEC_RELEASE(&r->matches);
    SS_VEC_RELEASE(&r->skips);
    ss_arena_release(&r->arena);
}

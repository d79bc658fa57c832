/*
 * budget.c: counting, and the words for what was reached.
 */
#include "run/budget.h"

#include "os/clock.h"

/* Small things may be as dense as they like. */
#define FREE_OF_RATIO ((uint64_t)16 << 20)

#define OR(value, usual) ((value) ? (value) : (usual))

void ss_budget_limits(ss_budget *b, const secscan_scan_options *options)
{
    *b = (ss_budget){.max_depth = OR(options->max_depth, 8u),
                     .max_seconds = OR(options->max_seconds, 300u),
                     .max_ratio = OR(options->max_ratio, 250u),
                     .max_entries = OR(options->max_entries, 1000000u),
                     .max_member = OR(options->max_member, (uint64_t)4 << 30),
                     .max_unpacked =
                         OR(options->max_unpacked, (uint64_t)64 << 30)};
}

void ss_budget_start(ss_budget *b, const secscan_scan_options *options,
                     uint64_t in)
{
    ss_budget_limits(b, options);
    b->in = in;
    b->started = ss_clock_ms();
}

static ss_limit reach(ss_budget *b, ss_limit limit)
{
    b->over = limit;
    return limit;
}

ss_limit ss_budget_time(ss_budget *b)
{
    if (b->over)
        return b->over;
    if ((ss_clock_ms() - b->started) / 1000 >= b->max_seconds)
        return reach(b, SS_LIMIT_TIME);
    return SS_LIMIT_NONE;
}

static int is_too_dense(const ss_budget *b)
{
    return b->unpacked > FREE_OF_RATIO && b->unpacked / b->max_ratio > b->in;
}

ss_limit ss_budget_bytes(ss_budget *b, uint64_t n, uint64_t *n_member)
{
    b->unpacked += n;
    *n_member += n;
    if (b->over)
        return b->over;
    if (b->unpacked > b->max_unpacked)
        return reach(b, SS_LIMIT_UNPACKED);
    if (is_too_dense(b))
        return reach(b, SS_LIMIT_RATIO);
    if (ss_budget_time(b))
        return b->over;
    return *n_member > b->max_member ? SS_LIMIT_MEMBER : SS_LIMIT_NONE;
}

ss_limit ss_budget_entry(ss_budget *b)
{
    if (b->over)
        return b->over;
    if (b->entries >= b->max_entries)
        return reach(b, SS_LIMIT_ENTRY);
    b->entries++;
    return ss_budget_time(b);
}

int ss_budget_tell(ss_budget *b, ss_limit limit)
{
    uint32_t bit = (uint32_t)1 << limit;

    if (b->told & bit)
        return 0;
    b->told |= bit;
    return 1;
}

const char *ss_limit_reason(ss_limit limit)
{
    static const char *const words[SS_N_LIMITS] = {
        "",           "depth-limit", "member-limit", "member-limit",
        "time-limit", "ratio-limit", "entry-limit",  "unpacked-limit"};

    return words[limit];
}

int ss_budget_detail(ss_buf *out, const ss_budget *b, ss_limit limit)
{
    unsigned long long held = SS_MAX_HELD >> 20;

    switch (limit) {
    case SS_LIMIT_DEPTH:
        return ss_buf_printf(out,
                             "not opened: more than %u in each other "
                             "(max_depth)",
                             b->max_depth);
    case SS_LIMIT_MEMBER:
        return ss_buf_printf(out, "left after %llu bytes of it (max_member)",
                             (unsigned long long)b->max_member);
    case SS_LIMIT_HELD:
        return ss_buf_printf(out,
                             "not opened: more than %llu MiB of nested "
                             "containers to be held",
                             held);
    case SS_LIMIT_TIME:
        return ss_buf_printf(out, "left after %u seconds (max_seconds)",
                             b->max_seconds);
    case SS_LIMIT_RATIO:
        return ss_buf_printf(out,
                             "left at more than %u bytes for each one of "
                             "it (max_ratio)",
                             b->max_ratio);
    case SS_LIMIT_ENTRY:
        return ss_buf_printf(out, "left after %u members (max_entries)",
                             b->max_entries);
    default:
        return ss_buf_printf(out, "left after %llu bytes (max_unpacked)",
                             (unsigned long long)b->max_unpacked);
    }
}

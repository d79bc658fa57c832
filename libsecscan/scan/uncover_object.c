/*
 * uncover_object.c: the encoded text of an object of a history.
 *
 * Of a delta, only what is new is looked at: what caught the eye in the base,
 * and what a decoder said of it, is the same in what was copied, but for the
 * edges. A region is decoded again where something was found in it.
 */
#include "scan/pipeline.h"

#include "base/alloc.h"

#define REACH ((size_t)SS_SIGHT_REACH)

typedef struct object_look {
    ss_scanner *s;
    ss_bytes bytes;
    const ss_object_delta *d;
    ss_trace_decoding *out;
    uint32_t row; /* of the decoders: the one at hand */
    size_t low;   /* where its last region ended */
} object_look;

/* ---- what is copied ---- */

/* Where each place is the base's: it sees REACH to both sides. */
static ss_uncover_copy copy_of(const object_look *o, const ss_run *run)
{
    size_t from = run->from, to = run->from + run->len;
    size_t base_to = run->base + run->len;
    ss_uncover_copy copy = {from, to, run};

    if (run->from || run->base)
        copy.from += REACH;
    if (to != o->bytes.len || base_to != o->d->base->len)
        copy.to = to > REACH ? to - REACH : 0;
    return copy;
}

static int find_copies(const object_look *o)
{
    ss_uncover *u = &o->s->uncover;

    u->copies.len = 0;
    if (!o->d->base || !o->d->base->decoding.is_whole)
        return 0;
    for (size_t i = 0; i < o->d->n_runs; i++) {
        ss_uncover_copy copy = copy_of(o, &o->d->runs[i]);

        if (copy.from < copy.to && SS_VEC_PUSH(&u->copies, copy))
            return -1;
    }
    return 0;
}

/* See what is not copied. */
static int see_gaps(const object_look *o)
{
    ss_uncover *u = &o->s->uncover;
    size_t at = 0;

    for (size_t i = 0; i < u->copies.len; i++) {
        if (ss_sights_add(&u->sights, o->bytes, at, u->copies.at[i].from))
            return -1;
        at = u->copies.at[i].to;
    }
    return ss_sights_add(&u->sights, o->bytes, at, o->bytes.len);
}

static int see(const object_look *o)
{
    ss_uncover *u = &o->s->uncover;

    if (ss_sights_take(&u->sights, o->bytes, 0, 0) || find_copies(o) ||
        see_gaps(o))
        return -1;
    if (!u->copies.len || !u->sights.has_zeros)
        return 0;
    u->copies.len = 0;
    return ss_sights_take(&u->sights, o->bytes, 0, o->bytes.len);
}

/* ---- regions ---- */

/* As the base has it, together with all that it depends on; NULL. */
static const ss_trace_region *find_in_base(const object_look *o, ss_region at)
{
    const ss_trace *base = o->d->base;
    size_t left = o->bytes.len - at.to;
    const ss_trace_region *known;
    const ss_run *run;
    size_t from;

    if (!base)
        return NULL;
    run = ss_run_find(
        o->d->runs, o->d->n_runs, at.from > REACH ? at.from - REACH : 0,
        left > REACH ? at.to + REACH : o->bytes.len, base->len, o->bytes.len);
    if (!run)
        return NULL;
    from = at.from - run->from + run->base;
    known = ss_trace_region_at(&base->decoding, o->row, from);
    return known && known->from == from && known->to - from == at.to - at.from
               ? known
               : NULL;
}

/* Decode it, unless the base has it and found nothing. */
static int take_region(object_look *o, ss_region at,
                       const ss_trace_region *known)
{
    ss_uncover_region r = {o->row, at};
    ss_trace_region own = {(uint32_t)at.from, (uint32_t)at.to, 0};
    uint64_t before = o->s->uncover.n_found;
    int rc = 0;

    if (!known || known->is_hot)
        rc = ss_uncover_one(o->s, o->bytes, &r);
    own.is_hot = o->s->uncover.n_found != before;
    o->low = at.to;
    if (!rc && SS_VEC_PUSH(&o->out->regions, own))
        rc = ss_fail_nomem(o->s->err);
    return rc;
}

/* ---- looks ---- */

static uint16_t back_of(const object_look *o, size_t at)
{
    size_t back = at - o->low;

    return (uint16_t)(back < REACH ? back : REACH);
}

static int note(object_look *o, size_t at, ss_trace_verdict verdict)
{
    ss_trace_look look = {(uint32_t)at, 0, (uint16_t)verdict};

    if (verdict != SS_LOOK_HIDDEN)
        look.back = back_of(o, at);
    return SS_VEC_PUSH(&o->out->looks, look) ? ss_fail_nomem(o->s->err) : 0;
}

static int ask(const object_look *o, size_t at, ss_region *out)
{
    return ss_decoder_rows()[o->row].decoder->find(o->bytes, o->low, at, out);
}

/* Text that was cut goes on where it was; deltas of such an object look anew.
 */
static int take_pieces(object_look *o, ss_region at)
{
    int rc;

    for (;;) {
        rc = take_region(o, at, find_in_base(o, at));
        if (rc || at.to - at.from < SS_MAX_ENCODED)
            return rc;
        o->out->is_whole = 0;
        if (at.to == o->bytes.len || ask(o, at.to, &at) <= 0)
            return 0;
    }
}

static int look_at(object_look *o, size_t at)
{
    ss_region region;
    int rc, found;

    if (at < o->low)
        return note(o, at, SS_LOOK_HIDDEN);
    found = ask(o, at, &region);
    if (found <= 0)
        return note(o, at, found ? SS_LOOK_FAR : SS_LOOK_NO);
    rc = note(o, at, SS_LOOK_REGION);
    return rc ? rc : take_pieces(o, region);
}

/* The region that begins at the base's look, if all that it depends on was
 * copied. */
static const ss_trace_region *passed_on(const object_look *o, const ss_run *run,
                                        size_t base_at, ss_region *out)
{
    const ss_trace *base = o->d->base;
    const ss_trace_region *known =
        ss_trace_region_at(&base->decoding, o->row, base_at);
    size_t reach = ss_decoder_rows()[o->row].reach;
    size_t from, to = base->len;

    if (!known)
        return NULL;
    from = known->from > REACH ? known->from - REACH : 0;
    if (base->len - known->to > reach)
        to = known->to + reach;
    if (!ss_run_passes_on(run, from, to, base->len, o->bytes.len))
        return NULL;
    out->from = known->from - run->base + run->from;
    out->to = known->to - run->base + run->from;
    return known;
}

/* A look of the base, at the place that it was copied to. */
static int look_again(object_look *o, const ss_run *run, ss_trace_look look)
{
    size_t at = look.at - run->base + run->from;
    const ss_trace_region *known;
    ss_region region;
    int rc;

    if (at < o->low || look.verdict == SS_LOOK_HIDDEN ||
        look.verdict == SS_LOOK_FAR || look.back != back_of(o, at))
        return look_at(o, at);
    if (look.verdict == SS_LOOK_NO)
        return note(o, at, SS_LOOK_NO);
    known = passed_on(o, run, look.at, &region);
    if (!known)
        return look_at(o, at);
    rc = note(o, at, SS_LOOK_REGION);
    return rc ? rc : take_region(o, region, known);
}

static int look_at_copy(object_look *o, const ss_uncover_copy *copy)
{
    const ss_trace_decoding *base = &o->d->base->decoding;
    size_t from = copy->from - copy->run->from + copy->run->base;
    size_t to = copy->to - copy->run->from + copy->run->base;
    size_t i = ss_trace_first_look(base, o->row, from);
    int rc = 0;

    for (; !rc && i < base->first_look[o->row + 1]; i++) {
        if (base->looks.at[i].at >= to)
            break;
        rc = look_again(o, copy->run, base->looks.at[i]);
    }
    return rc;
}

/* Both what was copied and what is new, in order. */
static int look_at_row(object_look *o)
{
    const ss_uncover *u = &o->s->uncover;
    const ss_sight_places *new = &u->sights.of[ss_decoder_rows()[o->row].sight];
    size_t at = 0;
    int rc = 0;

    o->low = 0;
    for (size_t i = 0; !rc && i < u->copies.len; i++) {
        for (; !rc && at < new->len &&new->at[at] < u->copies.at[i].from; at++)
            rc = look_at(o, new->at[at]);
        if (!rc)
            rc = look_at_copy(o, &u->copies.at[i]);
    }
    for (; !rc && at < new->len; at++)
        rc = look_at(o, new->at[at]);
    return rc;
}

static int uncover_small(object_look *o)
{
    int rc = 0;

    if (see(o))
        return ss_fail_nomem(o->s->err);
    o->out->is_whole = !o->s->uncover.sights.has_zeros;
    for (uint32_t row = 0; !rc && row < SS_N_DECODERS; row++) {
        o->row = row;
        rc = look_at_row(o);
        o->out->first_look[row + 1] = (uint32_t)o->out->looks.len;
        o->out->first_region[row + 1] = (uint32_t)o->out->regions.len;
    }
    return rc;
}

/* ---- objects ---- */

static int uncover_large(ss_scanner *s, ss_bytes bytes)
{
    int rc = 0;

    for (size_t from = 0; !rc && from < bytes.len; from += s->core) {
        size_t left = bytes.len - from;

        rc = ss_uncover_find(s, bytes, 0, from,
                             from + (left < s->core ? left : s->core), 1);
        if (!rc)
            rc = ss_uncover_scan(s, bytes, 0);
    }
    return rc;
}

int ss_uncover_object(ss_scanner *s, ss_bytes bytes, const ss_object_delta *d)
{
    object_look o = {.s = s, .bytes = bytes, .d = d};

    if (!d->out)
        return uncover_large(s, bytes);
    o.out = &d->out->decoding;
    return uncover_small(&o);
}

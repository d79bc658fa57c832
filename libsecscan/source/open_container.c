/*
 * open_container.c: the opener: each call goes to who opens that kind.
 */
#include "open_container.h"

#include "base/error.h"

static const ss_opens_ops *const openers[SS_N_OPENS] = {
    [SS_OPENS_ARCHIVE] = &ss_archive_ops,
    [SS_OPENS_STREAM] = &ss_archive_ops,
    [SS_OPENS_SQLITE] = &ss_sqlite_ops,
    [SS_OPENS_PDF] = &ss_pdf_ops,
    [SS_OPENS_NOTEBOOK] = &ss_notebook_ops,
    [SS_OPENS_KEYSTORE] = &ss_keystore_ops,
};

static int open_kind(ss_container **out, const ss_container_kind *kind,
                     const ss_input *input, int (*should_stop)(void *ctx),
                     void *ctx, ss_container_fault *fault)
{
    const ss_opens_ops *ops = openers[kind->opens];

    if (!ops) {
        *fault = (ss_container_fault){"unsupported", "no reader is built in"};
        return SECSCAN_ERR_ARG;
    }
    return ops->open(out, kind, input, should_stop, ctx, fault);
}

static int next(ss_container *c, ss_member *out, ss_container_fault *fault)
{
    return c->ops->next(c, out, fault);
}

static ptrdiff_t read_member(ss_container *c, void *to, size_t len,
                             ss_container_fault *fault)
{
    return c->ops->read(c, to, len, fault);
}

static const char *name_at(ss_container *c, uint64_t offset)
{
    return c->ops->name_at ? c->ops->name_at(c, offset) : NULL;
}

static void close_container(ss_container *c)
{
    if (c)
        c->ops->close(c);
}

const ss_opener *ss_open_container(void)
{
    static const ss_opener opener = {
        SS_OPENER_VERSION, 0,       open_kind,      next,
        read_member,       name_at, close_container};

    return &opener;
}

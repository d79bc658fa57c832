/*
 * open_container.h: who opens which kind: the table of openers.
 */
#ifndef SS_OPEN_CONTAINER_H
#define SS_OPEN_CONTAINER_H

#include "source/container.h"

/* Each reader starts what it opens with a pointer to its row of verbs. */
struct ss_container {
    const struct ss_opens_ops *ops;
};

typedef struct ss_opens_ops {
    int (*open)(ss_container **out, const ss_container_kind *kind,
                const ss_input *input, int (*should_stop)(void *ctx), void *ctx,
                ss_container_fault *fault);
    int (*next)(ss_container *c, ss_member *out, ss_container_fault *fault);
    ptrdiff_t (*read)(ss_container *c, void *to, size_t len,
                      ss_container_fault *fault);
    const char *(*name_at)(ss_container *c, uint64_t offset); /* NULL: none */
    void (*close)(ss_container *c);
} ss_opens_ops;

extern const ss_opens_ops ss_archive_ops, ss_sqlite_ops, ss_pdf_ops,
    ss_notebook_ops, ss_keystore_ops;

const ss_opener *ss_open_container(void);

#endif

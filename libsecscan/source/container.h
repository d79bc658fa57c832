/*
 * container.h: what is inside of a container, one member after the other.
 *
 * In: the bytes of a file, a blob or another member. Out: members, in the order
 * in which they are stored: a name and bytes. Nothing is ever written to disk,
 * and names are only names. Knows nothing of rules, paths or budgets: who reads
 * stops when he has enough. One thread at a time per container.
 *
 * What a container is (container_kind.c) is known to libsecscan; what opens it
 * is in libsecscan-containers, behind ss_opener.
 */
#ifndef SS_CONTAINER_H
#define SS_CONTAINER_H

#include "base/bytes.h"

/* A kind of container: a row of the table in container_kind.c. */
typedef enum ss_container_opens {
    SS_OPENS_ARCHIVE,  /* archive.c: zip, tar, cpio ..., compressed or not */
    SS_OPENS_STREAM,   /* archive.c: one compressed stream, one member */
    SS_OPENS_SQLITE,   /* sqlite.c */
    SS_OPENS_PDF,      /* pdf.cpp */
    SS_OPENS_NOTEBOOK, /* notebook.c */
    SS_OPENS_KEYSTORE, /* keystore.c */
    SS_N_OPENS
} ss_container_opens;

typedef struct ss_container_kind {
    const char *name; /* "zip", "gzip" ... */
    ss_container_opens opens;
    int encoding;      /* SS_OPENS_STREAM: an ss_encoding; else -1 */
    uint8_t needs_all; /* read_at or memory: it cannot be read in order */
    uint8_t is_text;   /* it is worth scanning as the text it is, too */
} ss_container_kind;

/* What `head` begins: the first 1,024 bytes of something, more, or all of it;
 * NULL: no container. Never looks at a name. Asked for everything that is
 * scanned: text is told in some nanoseconds. An image of a disc (iso9660) is
 * seen only in 32,774 bytes. */
const ss_container_kind *ss_container_detect(ss_bytes head);
#define SS_CONTAINER_HEAD 1024u
/* The same from the end: a zip file behind a program or a script. `tail` is the
 * last 1,024 bytes. */
const ss_container_kind *ss_container_detect_tail(ss_bytes tail);
#define SS_CONTAINER_TAIL 1024u
/* Archives and compressed streams end in bytes that are no text. When the last
 * 16 ones, `end`, are, then text stands behind it, or it is a zip's comment,
 * and what opens the container reads neither. */
int ss_container_is_before_text(const ss_container_kind *kind, ss_bytes end);
#define SS_CONTAINER_END 16u
/* The rows of the table, from 0; NULL behind the last. */
const ss_container_kind *ss_container_kind_at(size_t i);

/* Where its bytes come from: in memory, or by `read_at`, or by `read`. */
typedef struct ss_input {
    ss_bytes memory; /* data NULL: not in memory */
    void *ctx;
    /* Up to `len` bytes: their number, 0 at the end, -1 when they cannot be
     * had (whoever made the input knows why). */
    ptrdiff_t (*read)(void *ctx, void *to, size_t len);
    ptrdiff_t (*read_at)(void *ctx, void *to, size_t len, uint64_t offset);
    uint64_t size; /* with read_at */
} ss_input;

typedef struct ss_member {
    const char *name; /* NUL-terminated bytes of any kind, never NULL, perhaps
                         empty; until the next call */
    uint64_t size;    /* of its bytes, as the container says; UINT64_MAX: it
                         does not */
    uint8_t is_encrypted; /* there are no bytes */
    /* What a compressed stream holds: the kind's encoding is how it is written
     * there. 0 in what was compressed as a whole, as in a .tar.gz. */
    uint8_t is_stream;
    /* Finds by itself, whatever its bytes: the id of a rule, and the reason for
     * people, which is there until the next call. NULL: nothing. */
    const char *rule, *reason;
} ss_member;

/* Why something could not be read: words of secscan_skip. Both static. */
typedef struct ss_container_fault {
    const char *reason; /* "corrupt", "encrypted", "unsupported" */
    const char *detail; /* one line, or "" */
} ss_container_fault;

typedef struct ss_container ss_container;

/*
 * What opens containers: libsecscan-containers. The public, opaque
 * secscan_opener. Functions return 0 or more, SECSCAN_ERR_NOMEM, or another
 * negative status with *fault filled in.
 */
typedef struct ss_opener {
    uint32_t version; /* SS_OPENER_VERSION */
    uint32_t reserved;
    /* The input is borrowed until close. `should_stop` is asked now and then
     * by what may take long; nonzero: give up, with fault "time-limit". */
    int (*open)(ss_container **out, const ss_container_kind *kind,
                const ss_input *input, int (*should_stop)(void *ctx), void *ctx,
                ss_container_fault *fault);
    /* 1: *out is the next member; 0: there are no more. After a failure there
     * are no more either. What is left of the member before is passed over.
     * Folders, links and devices are no members. */
    int (*next)(ss_container *c, ss_member *out, ss_container_fault *fault);
    /* Bytes of the member at hand: their number, 0 at the end; negative: the
     * rest of it cannot be read, but `next` may be called. */
    ptrdiff_t (*read)(ss_container *c, void *to, size_t len,
                      ss_container_fault *fault);
    /* A name that says more of the member's byte at `offset`, which has been
     * read not more than 1 MiB ago: "users/17" of a table's row; NULL: its
     * name is all. Until the next call. */
    const char *(*name_at)(ss_container *c, uint64_t offset);
    void (*close)(ss_container *c); /* NULL is fine */
} ss_opener;

#define SS_OPENER_VERSION 1u

#endif

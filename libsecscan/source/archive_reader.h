/*
 * archive_reader.h: a libarchive reader for one kind of archive, and no other:
 * it does not guess. Begins again where a damaged member would end it.
 */
#ifndef SS_ARCHIVE_READER_H
#define SS_ARCHIVE_READER_H

#include "source/feed.h"
#include "source/stream.h"

struct archive;
struct archive_entry;

typedef struct ss_archive_reader {
    const char *kind;
    struct archive *a;
    ss_feed feed;      /* of its bytes, or: */
    ss_stream *stream; /* what they are compressed in; owned */
    uint64_t n_headers;
    uint32_t n_restarts;
    uint32_t has_gap;     /* something that is no header was passed over */
    uint32_t is_in_order; /* its directory does not help any more */
} ss_archive_reader;

/* A status of libarchive. The reader is to be released anyway. */
int ss_archive_reader_open(ss_archive_reader *r);
/* The same: the next header of a file, a folder or anything else. */
int ss_archive_reader_next(ss_archive_reader *r, struct archive_entry **out);
/* After a fatal failure in a member: stand behind it again. 0: done. */
int ss_archive_reader_restart(ss_archive_reader *r);
/* At its end: was there what ends such an archive? */
int ss_archive_reader_is_whole(ss_archive_reader *r);
/* Passing over a member means unpacking it. */
int ss_archive_reader_is_solid(const ss_archive_reader *r);
ss_container_fault ss_archive_reader_fault(ss_archive_reader *r);
void ss_archive_reader_release(ss_archive_reader *r);

#endif

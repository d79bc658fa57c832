/*
 * archive_input.h: libarchive over our bytes, and what it says of them.
 */
#ifndef SS_ARCHIVE_INPUT_H
#define SS_ARCHIVE_INPUT_H

#include "source/feed.h"
#include "source/stream.h"

struct archive;

/* Statuses of libarchive. The feed or the stream must outlive the archive. */
int ss_archive_input_open(struct archive *a, ss_feed *feed);
int ss_archive_stream_open(struct archive *a, ss_stream *stream);

/* The last failure of `a`; `damage` is the detail when nothing better is known.
 */
ss_container_fault ss_archive_fault(struct archive *a, const char *damage);

#endif

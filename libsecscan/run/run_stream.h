/*
 * run_stream.h: bytes from a caller, at once or in pieces, through the handle's
 * scanner to its stream_sink, under its stream_name.
 */
#ifndef SS_RUN_STREAM_H
#define SS_RUN_STREAM_H

#include "run/run_container.h"

typedef struct ss_stream ss_stream;

/* begin, feed any number of times, end. After a failure of feed, end still has
 * to be called: it frees the stream, whatever it returns. */
int ss_stream_begin(ss_stream **out, secscan_scanner *handle,
                    secscan_error *err);
int ss_stream_feed(ss_stream *stream, ss_bytes bytes, secscan_error *err);
int ss_stream_end(ss_stream *stream, secscan_error *err);
/* As secscan_stream_settled. */
uint64_t ss_stream_settled(const ss_stream *stream);

void ss_stream_free(ss_stream *stream); /* NULL is fine */

/* The same of what is in memory. */
int ss_run_buffer(secscan_scanner *handle, ss_bytes bytes, secscan_error *err);

/* The origin of what is found. */
ss_origin ss_stream_origin(const secscan_scanner *handle);

#endif

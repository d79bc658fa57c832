/*
 * feed.c: blocks of what is in memory are windows of it.
 */
#include "feed.h"

#include "base/alloc.h"

/* Large enough that calls do not count, small enough for many at once. */
#define BLOCK ((size_t)128 << 10)
#define WINDOW ((size_t)1 << 20) /* in memory: between two questions */

int ss_feed_can_seek(const ss_feed *feed)
{
    return feed->input->memory.data || feed->input->read_at;
}

uint64_t ss_feed_size(const ss_feed *feed)
{
    return feed->input->memory.data ? feed->input->memory.len
                                    : feed->input->size;
}

int ss_feed_is_stopped(ss_feed *feed)
{
    if (!feed->should_stop || !feed->should_stop(feed->ctx))
        return 0;
    feed->fault = (ss_container_fault){"time-limit", ""};
    return 1;
}

static void window(ss_feed *feed, ss_bytes *out)
{
    ss_bytes all = feed->input->memory;
    size_t at = feed->at < all.len ? (size_t)feed->at : all.len;
    size_t len = all.len - at < WINDOW ? all.len - at : WINDOW;

    *out = ss_bytes_of(all.data + at, len);
}

static ptrdiff_t read_more(ss_feed *feed, uint8_t *to, size_t len, uint64_t at)
{
    const ss_input *in = feed->input;

    return in->read_at ? in->read_at(in->ctx, to, len, at)
                       : in->read(in->ctx, to, len);
}

/* Whole blocks, however little is given at once: some of libarchive's readers
 * want that. */
static int fill(ss_feed *feed, ss_bytes *out)
{
    size_t len = 0;
    ptrdiff_t n;

    if (!feed->buffer)
        feed->buffer = ss_alloc(BLOCK);
    if (!feed->buffer) {
        feed->fault = (ss_container_fault){"unsupported", "out of memory"};
        return -1;
    }
    do {
        n = read_more(feed, feed->buffer + len, BLOCK - len, feed->at + len);
        len += n > 0 ? (size_t)n : 0;
    } while (n > 0 && len < BLOCK);
    *out = ss_bytes_of(feed->buffer, len);
    feed->used = len > feed->used ? len : feed->used;
    if (n >= 0)
        return 0;
    feed->fault = (ss_container_fault){"unreadable", ""};
    return -1;
}

int ss_feed_next(ss_feed *feed, ss_bytes *out)
{
    if (feed->fault.reason || ss_feed_is_stopped(feed))
        return -1;
    if (feed->input->memory.data)
        window(feed, out);
    else if (fill(feed, out))
        return -1;
    feed->at += out->len;
    return out->len > 0;
}

size_t ss_feed_peek(ss_feed *feed, void *to, size_t len, uint64_t offset)
{
    const ss_input *in = feed->input;
    uint64_t size = ss_feed_size(feed);
    ptrdiff_t n;

    if (!ss_feed_can_seek(feed) || offset >= size)
        return 0;
    len = len < size - offset ? len : (size_t)(size - offset);
    if (!in->memory.data) {
        n = in->read_at(in->ctx, to, len, offset);
        return n < 0 ? 0 : (size_t)n;
    }
    memcpy(to, in->memory.data + offset, len);
    return len;
}

void ss_feed_release(ss_feed *feed)
{
    if (feed->buffer)
        ss_free_wiped(feed->buffer, feed->used);
    feed->buffer = NULL;
}

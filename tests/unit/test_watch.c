/*
 * test_watch.c: a scan of one unit, however large, is told of and stopped on
 * its way.
 */
#include "unit.h"

#include <secscan.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define HUGE_FILE ((uint64_t)2 << 30)
#define PIECE ((size_t)1 << 20)
#define RULES                                                                  \
    "[[rules]]\nid = 'tok'\ndescription = 'a token'\nregex = "                 \
    "'tok_[a-z]{6}(?![a-z])'\nseverity = 'high'\n"

typedef struct scan {
    secscan_scanner *scanner;
    secscan_sink sink;
    secscan_progress last; /* told */
    unsigned n_told;
    int answer;
    uint64_t from; /* bytes: no answer before */
    char path[32]; /* of a file; empty: there is none */
} scan;

static int on_progress(void *ctx, const secscan_progress *progress)
{
    scan *s = ctx;

    CHECK(progress->bytes_done >= s->last.bytes_done);
    CHECK_STR(progress->phase, "scanning");
    s->last = *progress;
    s->n_told++;
    return s->last.bytes_done >= s->from ? s->answer : 0;
}

static void start(scan *s, int answer)
{
    static char containers[] = CONTAINERS;
    const secscan_rules_options plain = {.size = sizeof(plain),
                                         .flags = SECSCAN_RULES_NO_BUILTIN |
                                                  SECSCAN_RULES_NO_CACHE};
    const secscan_scan_options options = {.size = sizeof(options),
                                          .opener = secscan_load_containers,
                                          .opener_ctx = containers};
    secscan_rules *rules = NULL;

    *s = (scan){.answer = answer};
    s->sink = (secscan_sink){sizeof(s->sink), s, NULL, NULL, on_progress};
    CHECK_OK(secscan_rules_parse(&rules, RULES, strlen(RULES), &plain, NULL));
    CHECK_OK(secscan_scanner_new(&s->scanner, rules, &options, NULL));
    secscan_rules_free(rules);
}

static void end(scan *s)
{
    secscan_scanner_free(s->scanner);
    if (*s->path)
        CHECK_OK(unlink(s->path));
}

/* With a hole of `size` bytes behind the head. */
static void make_file(scan *s, const void *head, size_t len, uint64_t size)
{
    int fd;

    strcpy(s->path, "/tmp/secscan-watch-XXXXXX");
    fd = mkstemp(s->path);
    CHECK(fd >= 0);
    CHECK(write(fd, head, len) == (ssize_t)len);
    CHECK_OK(ftruncate(fd, (off_t)(len + size)));
    CHECK_OK(close(fd));
}

static const secscan_coverage *coverage(const scan *s)
{
    return secscan_scanner_coverage(s->scanner);
}

static void test_watch__one_large_file_is_stopped(void **state)
{
    scan s;

    (void)state;
    start(&s, 1);
    make_file(&s, "", 0, HUGE_FILE);
    CHECK_INT(secscan_scan_file(s.scanner, s.path, &s.sink, NULL),
              SECSCAN_STOPPED);
    CHECK_INT(s.n_told, 1);
    CHECK(s.last.bytes_total == HUGE_FILE);
    CHECK(s.last.bytes_done < HUGE_FILE / 32);
    CHECK(coverage(&s)->bytes < HUGE_FILE / 32);
    CHECK(!coverage(&s)->is_complete);
    end(&s);
}

/* A header of tar, of one member with `size` bytes. */
static void fill_header(char header[512], uint64_t size)
{
    unsigned sum = 0;

    memset(header, 0, 512);
    strcpy(header, "member.txt");
    strcpy(header + 100, "0000644");
    snprintf(header + 124, 12, "%011llo", (unsigned long long)size);
    strcpy(header + 136, "00000000000");
    memset(header + 148, ' ', 8);
    header[156] = '0';
    memcpy(header + 257, "ustar\00000", 8);
    for (size_t i = 0; i < 512; i++)
        sum += (unsigned char)header[i];
    snprintf(header + 148, 8, "%06o", sum);
}

static void test_watch__one_large_member_is_stopped(void **state)
{
    char header[512];
    scan s;

    (void)state;
    start(&s, 1);
    s.from = 1;
    fill_header(header, HUGE_FILE);
    make_file(&s, header, sizeof(header), HUGE_FILE + 1024);
    CHECK_INT(secscan_scan_file(s.scanner, s.path, &s.sink, NULL),
              SECSCAN_STOPPED);
    CHECK_INT(coverage(&s)->containers, 1);
    CHECK(coverage(&s)->bytes < HUGE_FILE / 2);
    end(&s);
}

static void test_watch__a_stream_without_end_is_stopped(void **state)
{
    char *piece = calloc(1, PIECE);
    size_t n_fed = 0;
    int rc = 0;
    scan s;

    (void)state;
    start(&s, 1);
    CHECK_OK(secscan_stream_begin(s.scanner, NULL, &s.sink, NULL));
    for (; !rc && n_fed < 64; n_fed++)
        rc = secscan_stream_feed(s.scanner, piece, PIECE, NULL);
    CHECK_INT(rc, SECSCAN_STOPPED);
    CHECK(s.last.bytes_done < n_fed * PIECE);
    CHECK_OK(secscan_stream_end(s.scanner, NULL));
    CHECK(!coverage(&s)->is_complete);
    end(&s);
    free(piece);
}

static void test_watch__a_large_buffer_is_stopped(void **state)
{
    size_t len = 16 * PIECE;
    char *bytes = calloc(1, len);
    scan s;

    (void)state;
    start(&s, 1);
    CHECK_INT(secscan_scan_buffer(s.scanner, NULL, bytes, len, &s.sink, NULL),
              SECSCAN_STOPPED);
    CHECK(s.last.bytes_total == len);
    CHECK(coverage(&s)->bytes < len / 2);
    end(&s);
    free(bytes);
}

static void test_watch__status_of_the_callback_is_passed_on(void **state)
{
    scan s;

    (void)state;
    start(&s, SECSCAN_ERR_LIMIT);
    make_file(&s, "", 0, HUGE_FILE);
    CHECK_INT(secscan_scan_file(s.scanner, s.path, &s.sink, NULL),
              SECSCAN_ERR_LIMIT);
    end(&s);
}

static void test_watch__goes_on_when_nobody_stops(void **state)
{
    scan s;

    (void)state;
    start(&s, 0);
    make_file(&s, "", 0, 8 * PIECE);
    CHECK_OK(secscan_scan_file(s.scanner, s.path, &s.sink, NULL));
    CHECK(s.n_told >= 1);
    CHECK_INT(coverage(&s)->bytes, 8 * PIECE);
    CHECK(coverage(&s)->is_complete);
    end(&s);
}

static void test_watch__what_is_small_is_not_asked_of(void **state)
{
    scan s;

    (void)state;
    start(&s, 1);
    CHECK_OK(secscan_scan_buffer(s.scanner, NULL, "x", 1, &s.sink, NULL));
    CHECK_INT(s.n_told, 0);
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_watch__one_large_file_is_stopped),
        TEST(test_watch__one_large_member_is_stopped),
        TEST(test_watch__a_stream_without_end_is_stopped),
        TEST(test_watch__a_large_buffer_is_stopped),
        TEST(test_watch__status_of_the_callback_is_passed_on),
        TEST(test_watch__goes_on_when_nobody_stops),
        TEST(test_watch__what_is_small_is_not_asked_of),
    };

    return RUN(tests);
}

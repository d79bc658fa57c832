#include "archive_case.h"

#include <locale.h>
#include <stdio.h>
#include <zlib.h>

#define TEXT "the quick brown fox, the quick brown dog\n"
#define MEMBERS "a:" TEXT "\nb:second\n\n"

/* A kind, and what writes one; with small dictionaries. */
static const sample samples[] = {
    {.kind = "zip", .format = "zip"},
    {.kind = "tar", .format = "rpax"},
    {.kind = "tar", .format = "gnutar"},
    {.kind = "tar", .format = "ustar"},
    {.kind = "cpio", .format = "newc"},
    {.kind = "cpio", .format = "odc"},
    {.kind = "cpio", .format = "bin"},
    {.kind = "ar", .format = "arsvr4"},
    {.kind = "7z", .format = "7zip", .options = "compression-level=1"},
    {.kind = "xar", .format = "xar"},
    {.kind = "gzip",
     .format = "ustar",
     .filter = ARCHIVE_FILTER_GZIP},
    {.kind = "bzip2",
     .format = "ustar",
     .options = "compression-level=1",
     .filter = ARCHIVE_FILTER_BZIP2},
    {.kind = "xz",
     .format = "ustar",
     .options = "compression-level=0",
     .filter = ARCHIVE_FILTER_XZ},
    {.kind = "zstd",
     .format = "ustar",
     .options = "compression-level=1",
     .filter = ARCHIVE_FILTER_ZSTD},
    {.kind = "lz4",
     .format = "ustar",
     .options = "lz4:block-size=4",
     .filter = ARCHIVE_FILTER_LZ4},
    {.kind = "lzma",
     .format = "ustar",
     .options = "compression-level=0",
     .filter = ARCHIVE_FILTER_LZMA},
    {.kind = "lzip",
     .format = "ustar",
     .options = "compression-level=0",
     .filter = ARCHIVE_FILTER_LZIP},
    {.kind = "compress",
     .format = "ustar",
     .filter = ARCHIVE_FILTER_COMPRESS},
    {.kind = "gzip",
     .format = "newc",
     .filter = ARCHIVE_FILTER_GZIP},
};
#define N_SAMPLES (sizeof(samples) / sizeof(samples[0]))

static sample *write_sample(const sample *of)
{
    static sample s;
    struct archive *a;

    s.kind = of->kind;
    s.format = of->format;
    s.filter = of->filter;
    s.options = of->options;
    s.len = 0;
    begin(&s, &a);
    add(a, "a", ss_bytes_str(TEXT));
    add(a, "b", ss_bytes_str("second\n"));
    end(a);
    return &s;
}

static ss_bytes bytes_of(const sample *s)
{
    return ss_bytes_of(s->bytes, s->len);
}

static int needs_all(const char *kind)
{
    return kind_named(kind)->needs_all;
}

static void check_list(const char *kind, ss_bytes bytes, way how, size_t step,
                       const char *expected)
{
    ss_buf out = SS_BUF_INIT(MAX_SAMPLE);

    (void)list(&out, kind, bytes, how, step);
    
    CHECK_BYTES(ss_buf_bytes(&out), expected);
    ss_buf_release(&out);
}

static void test_archive__every_kind_is_seen_and_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_SAMPLES; i++) {
        sample *s = write_sample(&samples[i]);
        const ss_container_kind *kind = ss_container_detect(bytes_of(s));

        CHECK(kind != NULL);
        CHECK_STR(kind->name, s->kind);
        check_list(s->kind, bytes_of(s), IN_MEMORY, SIZE_MAX, MEMBERS);
    }
}

/* Kinds that libarchive does not write, and members packed in other ways. */
static void test_archive__samples_of_the_fuzzer_are_read(void **state)
{
    static const char *const names[] = {
        "cab", "lha", "rar", "rar5", "rpm", "7zip-bzip2", "7zip-ppmd",
        "zip-stored", "zip-descriptors", "bin"};
    static uint8_t bytes[MAX_SAMPLE];

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const ss_container_kind *kind;
        ss_buf out = SS_BUF_INIT(MAX_SAMPLE);
        char path[1000];
        size_t len;
        FILE *file;

        snprintf(path, sizeof(path), "%s/%s", CORPUS, names[i]);
        file = fopen(path, "rb");
        CHECK(file != NULL);
        len = fread(bytes, 1, sizeof(bytes), file);
        fclose(file);
        kind = ss_container_detect(ss_bytes_of(bytes + 1, len - 1));
        CHECK(kind != NULL);
        CHECK_OK(list(&out, kind->name, ss_bytes_of(bytes + 1, len - 1),
                      IN_MEMORY, SIZE_MAX));
        CHECK(ss_bytes_find_nocase(ss_buf_bytes(&out),
                                   ss_bytes_str("a:hello, hello, hello\n")) !=
              SIZE_MAX);
        CHECK(ss_bytes_find_nocase(ss_buf_bytes(&out),
                                   ss_bytes_str("b:0\n1\n2\n")) != SIZE_MAX);
        ss_buf_release(&out);
    }
}

static void test_archive__the_way_of_reading_does_not_matter(void **state)
{
    static const size_t steps[] = {1, 7, 100, 100000};

    (void)state;
    for (size_t i = 0; i < N_SAMPLES; i++) {
        sample *s = write_sample(&samples[i]);

        for (size_t k = 0; k < sizeof(steps) / sizeof(steps[0]); k++) {
            check_list(s->kind, bytes_of(s), READ_AT, steps[k], MEMBERS);
            if (!needs_all(s->kind))
                check_list(s->kind, bytes_of(s), IN_ORDER, steps[k], MEMBERS);
        }
    }
}

static void test_archive__a_zip_can_be_read_in_order(void **state)
{
    (void)state;
    check_list("zip", bytes_of(write_sample(&samples[0])), IN_ORDER, 10,
               MEMBERS);
}

/* ar has no end, and of compress's and of a small stream's there is no more
 * than it seems: these are whole at some borders. */
static int may_end_anywhere(const sample *s)
{
    return strcmp(s->kind, "ar") == 0 || strcmp(s->kind, "compress") == 0;
}

static void check_cuts(const sample *s, way how)
{
    for (size_t len = 1; len < s->len; len++) {
        const ss_container_kind *kind =
            ss_container_detect(ss_bytes_of(s->bytes, len));
        ss_buf out = SS_BUF_INIT(MAX_SAMPLE);
        uint8_t *cut = ss_alloc(len);
        int n_faults;

        memcpy(cut, s->bytes, len);
        n_faults = list(&out, s->kind, ss_bytes_of(cut, len), how, 1000);
        if (kind && n_faults == 0 && !may_end_anywhere(s))
            CHECK_BYTES(ss_buf_bytes(&out), MEMBERS);
        ss_buf_release(&out);
        ss_free(cut);
    }
}

static void test_archive__what_is_cut_short_says_so(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_SAMPLES; i++) {
        const sample *s = write_sample(&samples[i]);

        check_cuts(s, IN_MEMORY);
        check_cuts(s, READ_AT);
        check_cuts(s, IN_ORDER);
    }
}

/* Any answer is fine, as long as there is one. */
static void test_archive__damage_is_survived(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_SAMPLES; i++) {
        sample *s = write_sample(&samples[i]);

        for (size_t bit = 0; bit < s->len * 8; bit++) {
            ss_buf out = SS_BUF_INIT(MAX_SAMPLE);

            s->bytes[bit / 8] ^= (uint8_t)(1u << (bit % 8));
            (void)list(&out, s->kind, bytes_of(s), IN_MEMORY, 1000);
            s->bytes[bit / 8] ^= (uint8_t)(1u << (bit % 8));
            ss_buf_release(&out);
        }
    }
}

/* The end of the data of the first member that is `of`. */
static uint8_t *find(sample *s, const char *of)
{
    size_t at = ss_bytes_find_nocase(bytes_of(s), ss_bytes_str(of));

    CHECK(at != SIZE_MAX);
    return s->bytes + at;
}

static sample *write_stored_zip(void)
{
    static sample s = {.kind = "zip",
                       .format = "zip",
                       .options = "zip:compression=store"};
    struct archive *a;

    s.len = 0;
    begin(&s, &a);
    add(a, "a", ss_bytes_str("first\n"));
    add(a, "b", ss_bytes_str("second\n"));
    add(a, "c", ss_bytes_str("third\n"));
    end(a);
    return &s;
}

static void test_archive__a_zip_goes_on_behind_what_is_no_member(void **state)
{
    sample *s = write_stored_zip();
    uint8_t *second = find(s, "second");

    (void)state;
    while (memcmp(second, "PK", 2) != 0)
        second--;
    *second = 'p';
    check_list("zip", bytes_of(s), IN_MEMORY, SIZE_MAX,
               "a:first\n\nmember 2:!corrupt\nc:third\n\n");
    check_list("zip", bytes_of(s), READ_AT, SIZE_MAX,
               "a:first\n\nmember 2:!corrupt\nc:third\n\n");
}

static void test_archive__fewer_members_than_a_zip_says_are_told(void **state)
{
    sample *s = write_stored_zip();

    (void)state;
    find(s, "PK\5\6")[10] = 4;
    check_list("zip", bytes_of(s), IN_MEMORY, SIZE_MAX,
               "a:first\n\nb:second\n\nc:third\n\n!corrupt\n");
}

static void test_archive__what_is_no_header_of_cpio_is_told(void **state)
{
    static const sample odc = {.kind = "cpio", .format = "odc"};
    sample *s = write_sample(&odc);

    (void)state;
    find(s, "second")[-78] = 'x'; /* in the header before it */
    check_list("cpio", bytes_of(s), IN_MEMORY, SIZE_MAX,
               "a:" TEXT "\n!corrupt\n");
}

static void test_archive__a_wrong_checksum_is_told_behind_the_bytes(void **state)
{
    sample *s = write_stored_zip();

    (void)state;
    *find(s, "first") = 'F';
    check_list("zip", bytes_of(s), IN_MEMORY, SIZE_MAX,
               "a:First\n!corrupt\nb:second\n\nc:third\n\n");
}

static void test_archive__a_damaged_member_is_the_only_one_lost(void **state)
{
    sample *s = write_sample(&samples[0]);
    size_t at = 30 + 1; /* the local header and a name of one byte */

    (void)state;
    at += (size_t)s->bytes[28] + (size_t)s->bytes[29] * 256;
    memset(s->bytes + at, 0xff, 5);
    check_list("zip", bytes_of(s), IN_MEMORY, SIZE_MAX,
               "a:!corrupt\nb:second\n\n");
    check_list("zip", bytes_of(s), READ_AT, 50, "a:!corrupt\nb:second\n\n");
}

static void test_archive__a_damaged_header_of_tar_is_one_lost_member(void **state)
{
    sample *s = write_sample(&samples[3]);

    (void)state;
    s->bytes[150] ^= 1;
    check_list("tar", bytes_of(s), IN_MEMORY, SIZE_MAX, "!corrupt\n");
    s->bytes[150] ^= 1;
    s->bytes[1024 + 150] ^= 1;
    check_list("tar", bytes_of(s), IN_MEMORY, SIZE_MAX,
               "a:" TEXT "\nmember 2:!corrupt\n");
}

static void test_archive__a_tar_without_its_end_is_cut_short(void **state)
{
    sample *s = write_sample(&samples[3]);

    (void)state;
    check_list("tar", ss_bytes_of(s->bytes, 2048), IN_MEMORY, SIZE_MAX,
               MEMBERS "!corrupt\n");
    check_list("tar", ss_bytes_of(s->bytes, 2048), IN_ORDER, 99,
               MEMBERS "!corrupt\n");
    check_list("tar", ss_bytes_of(s->bytes, 2560), IN_MEMORY, SIZE_MAX,
               MEMBERS);
}

static void test_archive__a_tar_behind_a_tar_is_read(void **state)
{
    sample *s = write_sample(&samples[3]);

    (void)state;
    memcpy(s->bytes + s->len, s->bytes, s->len);
    check_list("tar", ss_bytes_of(s->bytes, s->len * 2), IN_ORDER, 1000,
               MEMBERS MEMBERS);
}

static void test_archive__a_zip_may_stand_behind_something(void **state)
{
    sample *s = write_sample(&samples[0]);
    const ss_container_kind *kind;

    (void)state;
    memmove(s->bytes + 5000, s->bytes, s->len);
    memset(s->bytes, 'x', 5000);
    s->len += 5000;
    kind = ss_container_detect_tail(
        ss_bytes_of(s->bytes + s->len - SS_CONTAINER_TAIL, SS_CONTAINER_TAIL));
    CHECK(kind != NULL);
    check_list(kind->name, bytes_of(s), IN_MEMORY, SIZE_MAX, MEMBERS);
}

static void add_of_type(struct archive *a, const char *name, unsigned type,
                        const char *link)
{
    struct archive_entry *entry = archive_entry_new();

    archive_entry_copy_pathname(entry, name);
    archive_entry_set_filetype(entry, type);
    archive_entry_set_perm(entry, 0755);
    if (type == AE_IFLNK)
        archive_entry_copy_symlink(entry, link);
    else if (link)
        archive_entry_copy_hardlink(entry, link);
    CHECK_INT(archive_write_header(a, entry), ARCHIVE_OK);
    archive_entry_free(entry);
}

static void test_archive__only_files_are_members(void **state)
{
    static sample s = {.kind = "tar", .format = "ustar"};
    struct archive *a;

    (void)state;
    begin(&s, &a);
    add_of_type(a, "folder", AE_IFDIR, NULL);
    add(a, "folder/a", ss_bytes_str("first\n"));
    add_of_type(a, "soft", AE_IFLNK, "folder/a");
    add_of_type(a, "hard", AE_IFREG, "folder/a");
    add_of_type(a, "pipe", AE_IFIFO, NULL);
    add_of_type(a, "device", AE_IFCHR, NULL);
    add(a, "empty", ss_bytes_str(""));
    end(a);
    check_list("tar", bytes_of(&s), IN_MEMORY, SIZE_MAX,
               "folder/a:first\n\nempty:\n");
}

/* The test runs in the locale "C", as programs do that set none. */
static void test_archive__names_keep_their_bytes(void **state)
{
    static const char *const formats[] = {
        "pax", "gnutar",
        "zip", "7zip", "newc"};
    static const char *const kinds[] = {"tar", "tar", "zip", "7z", "cpio"};
    static sample s;

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        struct archive *a;

        s.format = formats[i];
        s.len = 0;
        CHECK(setlocale(LC_CTYPE, "C.UTF-8") != NULL);
        begin(&s, &a);
        add(a, "gr\xc3\xbc\xc3\x9f""e/\xe9\x8d\xb5", ss_bytes_str("1\n"));
        end(a);
        CHECK(setlocale(LC_CTYPE, "C") != NULL);
        check_list(kinds[i], bytes_of(&s), IN_MEMORY, SIZE_MAX,
                   "gr\xc3\xbc\xc3\x9f""e/\xe9\x8d\xb5:1\n\n");
    }
}

static void test_archive__names_that_are_no_text_are_bytes(void **state)
{
    sample *s = write_sample(&samples[0]);

    (void)state;
    s->bytes[30] = 0xff; /* of the first local header */
    s->bytes[find(s, "PK\1\2") - s->bytes + 46] = 0xff;
    check_list("zip", bytes_of(s), IN_MEMORY, SIZE_MAX,
               "\xff:" TEXT "\nb:second\n\n");
}

static void test_archive__holes_of_sparse_files_are_passed_over(void **state)
{
    static sample s = {.kind = "tar",
                       .format = "rpax"};
    struct archive_entry *entry = archive_entry_new();
    struct archive *a;
    ss_buf out = SS_BUF_INIT(MAX_SAMPLE);
    const la_int64_t size = (la_int64_t)1 << 40;

    (void)state;
    begin(&s, &a);
    archive_entry_copy_pathname(entry, "disk");
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_size(entry, size);
    archive_entry_sparse_add_entry(entry, 0, 512);
    archive_entry_sparse_add_entry(entry, size - 512, 512);
    CHECK_INT(archive_write_header(a, entry), ARCHIVE_OK);
    memset(s.bytes + MAX_SAMPLE / 2, 'x', 1024);
    /* The writer wants all of a file, and takes what is not in a hole. */
    CHECK_INT(archive_write_data(a, s.bytes + MAX_SAMPLE / 2, 1024), 1024);
    archive_entry_free(entry);
    archive_write_free(a);
    (void)list(&out, "tar", bytes_of(&s), IN_MEMORY, SIZE_MAX);
    CHECK(out.len >= 512 && out.len < 4096);
    ss_buf_release(&out);
}

/* `data` as a stream of gzip: windowBits says how it is wrapped. */
static size_t deflate_to(uint8_t *to, ss_bytes data, int bits, const char *name)
{
    z_stream z = {0};
    gz_header header = {.name = (Bytef *)(uintptr_t)name};
    size_t len;

    CHECK_OK(deflateInit2(&z, 6, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY));
    if (name)
        CHECK_OK(deflateSetHeader(&z, &header));
    z.next_in = (Bytef *)(uintptr_t)data.data;
    z.avail_in = (uInt)data.len;
    z.next_out = to;
    z.avail_out = MAX_SAMPLE / 2;
    CHECK_INT(deflate(&z, Z_FINISH), Z_STREAM_END);
    len = z.total_out;
    deflateEnd(&z);
    return len;
}

static void test_archive__a_stream_is_one_member(void **state)
{
    static uint8_t packed[MAX_SAMPLE];
    size_t len = deflate_to(packed, ss_bytes_str(TEXT), 31, NULL);

    (void)state;
    check_list("gzip", ss_bytes_of(packed, len), IN_ORDER, 3, ":" TEXT "\n");
    len = deflate_to(packed, ss_bytes_str(TEXT), 31, "name.txt");
    check_list("gzip", ss_bytes_of(packed, len), IN_ORDER, 3,
               "name.txt:" TEXT "\n");
    len = deflate_to(packed, ss_bytes_str(TEXT), 15, NULL);
    check_list("zlib", ss_bytes_of(packed, len), IN_ORDER, 3, ":" TEXT "\n");
}

static void test_archive__all_members_of_gzip_are_one(void **state)
{
    static uint8_t packed[MAX_SAMPLE];
    size_t len = deflate_to(packed, ss_bytes_str("one "), 31, NULL);

    (void)state;
    len += deflate_to(packed + len, ss_bytes_str("two"), 31, "other");
    check_list("gzip", ss_bytes_of(packed, len), IN_ORDER, 1, ":one two\n");
    memset(packed + len, 0, 100);
    check_list("gzip", ss_bytes_of(packed, len + 100), IN_MEMORY, 1,
               ":one two\n");
    memcpy(packed + len, "\x1f rubbish", 9);
    check_list("gzip", ss_bytes_of(packed, len + 9), IN_MEMORY, 1,
               ":one two\n");
}

static void test_archive__what_stands_before_the_damage_is_read(void **state)
{
    static uint8_t packed[MAX_SAMPLE];
    size_t len = deflate_to(packed, ss_bytes_str(TEXT), 31, NULL);

    (void)state;
    packed[len - 8] ^= 1; /* of the checksum */
    check_list("gzip", ss_bytes_of(packed, len), IN_MEMORY, 1,
               ":" TEXT "!corrupt\n");
    check_list("gzip", ss_bytes_of(packed, len - 9), IN_MEMORY, 1,
               ":" TEXT "!corrupt\n");
}

static void test_archive__a_stream_of_zeros_is_no_empty_tar(void **state)
{
    static uint8_t packed[MAX_SAMPLE], zeros[4096];
    ss_buf out = SS_BUF_INIT(MAX_SAMPLE);
    size_t len = deflate_to(packed, ss_bytes_of(zeros, sizeof(zeros)), 31, NULL);

    (void)state;
    CHECK_OK(list(&out, "gzip", ss_bytes_of(packed, len), IN_MEMORY, 1));
    CHECK_INT(out.len, 1 + sizeof(zeros) + 1);
    ss_buf_release(&out);
}

static void test_archive__one_level_of_compression_is_opened(void **state)
{
    static uint8_t packed[MAX_SAMPLE], twice[MAX_SAMPLE];
    ss_buf out = SS_BUF_INIT(MAX_SAMPLE);
    size_t len = deflate_to(packed, ss_bytes_str(TEXT), 31, NULL);
    size_t n = deflate_to(twice, ss_bytes_of(packed, len), 31, NULL);

    (void)state;
    CHECK_OK(list(&out, "gzip", ss_bytes_of(twice, n), IN_MEMORY, 1));
    CHECK_INT(out.len, 1 + len + 1);
    CHECK(memcmp(out.data + 1, packed, len) == 0);
    ss_buf_release(&out);
}

static void test_archive__encrypted_members_have_no_bytes(void **state)
{
    static sample s = {.kind = "zip",
                       .format = "zip",
                       .options = "zip:encryption=aes256"};
    struct archive *a;

    (void)state;
    begin(&s, &a);
    add(a, "a", ss_bytes_str("first\n"));
    end(a);
    check_list("zip", bytes_of(&s), IN_MEMORY, SIZE_MAX, "a!encrypted\n");
}

static int stop(void *ctx)
{
    int *left = ctx;

    return (*left)-- <= 0;
}

/* However often it is asked before: it ends, and says why. */
static void test_archive__whoever_reads_may_stop(void **state)
{
    const ss_opener *o = ss_open_container();

    (void)state;
    for (size_t i = 0; i < N_SAMPLES; i++) {
        const sample *s = write_sample(&samples[i]);
        ss_input input = {.memory = bytes_of(s)};
        ss_container_fault fault = {NULL, NULL};
        ss_container *c = NULL;
        ss_member member;
        int left = 0;
        int rc = o->open(&c, kind_named(s->kind), &input, stop, &left, &fault);

        if (rc == 0)
            rc = o->next(c, &member, &fault);
        CHECK(rc < 0);
        CHECK_STR(fault.reason, "time-limit");
        if (c)
            o->close(c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_archive__every_kind_is_seen_and_read),
        TEST(test_archive__samples_of_the_fuzzer_are_read),
        TEST(test_archive__the_way_of_reading_does_not_matter),
        TEST(test_archive__a_zip_can_be_read_in_order),
        TEST(test_archive__what_is_cut_short_says_so),
        TEST(test_archive__damage_is_survived),
        TEST(test_archive__a_zip_goes_on_behind_what_is_no_member),
        TEST(test_archive__fewer_members_than_a_zip_says_are_told),
        TEST(test_archive__what_is_no_header_of_cpio_is_told),
        TEST(test_archive__a_wrong_checksum_is_told_behind_the_bytes),
        TEST(test_archive__a_damaged_member_is_the_only_one_lost),
        TEST(test_archive__a_damaged_header_of_tar_is_one_lost_member),
        TEST(test_archive__a_tar_without_its_end_is_cut_short),
        TEST(test_archive__a_tar_behind_a_tar_is_read),
        TEST(test_archive__a_zip_may_stand_behind_something),
        TEST(test_archive__only_files_are_members),
        TEST(test_archive__names_keep_their_bytes),
        TEST(test_archive__names_that_are_no_text_are_bytes),
        TEST(test_archive__holes_of_sparse_files_are_passed_over),
        TEST(test_archive__a_stream_is_one_member),
        TEST(test_archive__all_members_of_gzip_are_one),
        TEST(test_archive__what_stands_before_the_damage_is_read),
        TEST(test_archive__a_stream_of_zeros_is_no_empty_tar),
        TEST(test_archive__one_level_of_compression_is_opened),
        TEST(test_archive__encrypted_members_have_no_bytes),
        TEST(test_archive__whoever_reads_may_stop),
    };

    return RUN(tests);
}

#include "unit.h"

#include "base/buf.h"
#include "source/index.h"

/* An index is written here field by field; real ones of every kind are read
 * in tests/cli/test_staged.py. */

static void put32(ss_buf *b, uint32_t v)
{
    uint8_t p[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8),
                    (uint8_t)v};

    ss_buf_add(b, p, 4);
}

static void put_header(ss_buf *b, uint32_t version, uint32_t n)
{
    ss_buf_add(b, "DIRC", 4);
    put32(b, version);
    put32(b, n);
}

static void put_fixed(ss_buf *b, uint32_t mode, uint16_t flags)
{
    uint8_t p[2] = {(uint8_t)(flags >> 8), (uint8_t)flags};

    for (int i = 0; i < 6; i++) put32(b, 0);
    put32(b, mode);
    for (int i = 0; i < 3; i++) put32(b, 7);
    for (int i = 0; i < 20; i++) ss_buf_putc(b, (char)i);
    ss_buf_add(b, p, 2);
}

static void put_plain(ss_buf *b, const char *path, uint16_t flags)
{
    size_t from = b->len;

    put_fixed(b, 0100644, (uint16_t)(flags | strlen(path)));
    ss_buf_puts(b, path);
    do {
        ss_buf_putc(b, 0);
    } while ((b->len - from) % 8);
}

static void put_packed(ss_buf *b, const char *path, char drop)
{
    put_fixed(b, 0100644, (uint16_t)strlen(path));
    ss_buf_putc(b, drop);
    ss_buf_add(b, path, strlen(path) + 1);
}

static void put_trailer(ss_buf *b)
{
    for (int i = 0; i < 20; i++) ss_buf_putc(b, 0);
}

static ss_buf two_entries(void)
{
    ss_buf b = SS_BUF_INIT(1 << 20);

    put_header(&b, 2, 2);
    put_plain(&b, "a/b", 0);
    put_plain(&b, "c", 0x8000);
    return b;
}

static int parse(ss_index *index, const ss_buf *b, secscan_error *err)
{
    *index = (ss_index)SS_INDEX_INIT;
    return ss_index_parse(index, ss_buf_bytes(b), 20, err);
}

static void test_index__reads_version_2(void **state)
{
    ss_buf b = two_entries();
    ss_index index;

    (void)state;
    put_trailer(&b);
    CHECK_OK(parse(&index, &b, NULL));
    CHECK_INT(index.n_entries, 2);
    CHECK_STR(index.entries[0].path, "a/b");
    CHECK_INT(index.entries[0].mode, 0100644);
    CHECK_INT(index.entries[0].id[19], 19);
    CHECK_INT(index.entries[1].flags, SS_INDEX_ASSUME_VALID);
    CHECK_INT(ss_index_find(&index, ss_bytes_str("b")), 1);
    ss_index_release(&index);
    ss_buf_release(&b);
}

static void test_index__version_4_shares_prefixes(void **state)
{
    ss_buf b = SS_BUF_INIT(1 << 20);
    ss_index index;

    (void)state;
    put_header(&b, 4, 3);
    put_packed(&b, "dir/one", 0);
    put_packed(&b, "two", 3);
    put_packed(&b, "e", 7);
    put_trailer(&b);
    CHECK_OK(parse(&index, &b, NULL));
    CHECK_STR(index.entries[1].path, "dir/two");
    CHECK_STR(index.entries[2].path, "e");
    ss_index_release(&index);
    ss_buf_release(&b);
}

static void test_index__cache_tree_is_flat_and_linked(void **state)
{
    ss_buf b = two_entries();
    ss_index index;

    (void)state;
    ss_buf_add(&b, "TREE", 4);
    put32(&b, 5 + 20 + 7);
    ss_buf_add(&b, "\0" "2 1\n", 5);
    for (int i = 0; i < 20; i++) ss_buf_putc(&b, '\n');
    ss_buf_add(&b, "a\0-1 0\n", 7);
    put_trailer(&b);
    CHECK_OK(parse(&index, &b, NULL));
    CHECK_INT(index.n_trees, 2);
    CHECK_INT(index.trees[0].n_entries, 2);
    CHECK_INT(index.trees[0].next, 2);
    CHECK_BYTES(index.trees[1].name, "a");
    CHECK_INT(index.trees[1].n_entries, -1);
    ss_index_release(&index);
    ss_buf_release(&b);
}

static void test_index__name_with_a_nul_inside_is_damaged(void **state)
{
    ss_buf b = two_entries();
    ss_index index;

    (void)state;
    put_trailer(&b);
    b.data[12 + 62 + 1] = '\0'; /* "a/b" */
    CHECK_INT(parse(&index, &b, NULL), SECSCAN_ERR_CORRUPT);
    ss_index_release(&index);
    ss_buf_release(&b);
}

/* Ids hold newlines, so that their number says nothing of the nodes' heads. */
static void test_index__cache_tree_with_bytes_behind_it_is_damaged(void **state)
{
    ss_buf b = two_entries();
    ss_index index;

    (void)state;
    ss_buf_add(&b, "TREE", 4);
    put32(&b, 5 + 20 + 4);
    ss_buf_add(&b, "\0" "2 0\n", 5);
    for (int i = 0; i < 20; i++) ss_buf_putc(&b, 'i');
    ss_buf_add(&b, "a\0-1", 4);
    put_trailer(&b);
    CHECK_INT(parse(&index, &b, NULL), SECSCAN_ERR_CORRUPT);
    ss_index_release(&index);
    ss_buf_release(&b);
}

static void test_index__unknown_optional_extension_is_ignored(void **state)
{
    ss_buf b = two_entries();
    ss_index index;

    (void)state;
    ss_buf_add(&b, "UNTR", 4);
    put32(&b, 3);
    ss_buf_add(&b, "abc", 3);
    put_trailer(&b);
    CHECK_OK(parse(&index, &b, NULL));
    ss_index_release(&index);
    ss_buf_release(&b);
}

static void test_index__unknown_needed_extension_is_an_error(void **state)
{
    ss_buf b = two_entries();
    ss_index index;

    (void)state;
    ss_buf_add(&b, "what", 4);
    put32(&b, 0);
    put_trailer(&b);
    CHECK_INT(parse(&index, &b, NULL), SECSCAN_ERR_GIT);
    ss_index_release(&index);
    ss_buf_release(&b);
}

static void test_index__out_of_order_is_an_error(void **state)
{
    ss_buf b = SS_BUF_INIT(1 << 20);
    ss_index index;

    (void)state;
    put_header(&b, 2, 2);
    put_plain(&b, "b", 0);
    put_plain(&b, "a", 0);
    put_trailer(&b);
    CHECK_INT(parse(&index, &b, NULL), SECSCAN_ERR_CORRUPT);
    ss_index_release(&index);
    ss_buf_release(&b);
}

static void test_index__cut_anywhere_is_an_error(void **state)
{
    ss_buf b = two_entries();

    (void)state;
    put_trailer(&b);
    for (size_t len = 0; len < b.len; len++) {
        uint8_t *copy = ss_alloc(len);
        ss_index index = SS_INDEX_INIT;

        memcpy(copy, b.data, len);
        CHECK(ss_index_parse(&index, ss_bytes_of(copy, len), 20, NULL) < 0);
        ss_index_release(&index);
        ss_free(copy);
    }
    ss_buf_release(&b);
}

static void test_index__any_byte_changed_never_breaks_it(void **state)
{
    ss_buf b = SS_BUF_INIT(1 << 20);

    (void)state;
    put_header(&b, 4, 2);
    put_packed(&b, "dir/one", 0);
    put_packed(&b, "two", 3);
    put_trailer(&b);
    for (size_t i = 0; i < b.len * 255; i++) {
        uint8_t *copy = ss_alloc(b.len);
        ss_index index = SS_INDEX_INIT;

        memcpy(copy, b.data, b.len);
        copy[i / 255] ^= (uint8_t)(i % 255 + 1);
        ss_index_parse(&index, ss_bytes_of(copy, b.len), 20, NULL);
        ss_index_release(&index);
        ss_free(copy);
    }
    ss_buf_release(&b);
}

static void test_index__absent_file_is_an_empty_index(void **state)
{
    ss_index index = SS_INDEX_INIT;

    (void)state;
    CHECK_OK(ss_index_read(&index, "/nonexistent/index", 20, NULL));
    CHECK_INT(index.n_entries, 0);
    ss_index_release(&index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_index__reads_version_2),
        TEST(test_index__version_4_shares_prefixes),
        TEST(test_index__cache_tree_is_flat_and_linked),
        TEST(test_index__name_with_a_nul_inside_is_damaged),
        TEST(test_index__cache_tree_with_bytes_behind_it_is_damaged),
        TEST(test_index__unknown_optional_extension_is_ignored),
        TEST(test_index__unknown_needed_extension_is_an_error),
        TEST(test_index__out_of_order_is_an_error),
        TEST(test_index__cut_anywhere_is_an_error),
        TEST(test_index__any_byte_changed_never_breaks_it),
        TEST(test_index__absent_file_is_an_empty_index),
    };

    return RUN(tests);
}

#include "unit.h"

#include "base/buf.h"

#define A "s1:aaaaaaaaaaaaaaaaaaaaaaaa"
#define B "s1:bbbbbbbbbbbbbbbbbbbbbbbb"
#define C "s1:cccccccccccccccccccccccc"

static secscan_entries *entries_of(const char *text)
{
    secscan_entries *entries = NULL;

    CHECK_OK(secscan_entries_parse(&entries, text, strlen(text), NULL));
    return entries;
}

static int append(void *ctx, const char *data, size_t len)
{
    return ss_buf_add(ctx, data, len);
}

/* Frees the entries. */
static void check_written(secscan_entries *entries, const char *text)
{
    ss_buf out = SS_BUF_INIT(1 << 16);

    CHECK_OK(secscan_entries_write(entries, append, &out, NULL));
    CHECK_BYTES(ss_buf_bytes(&out), text);
    ss_buf_release(&out);
    secscan_entries_free(entries);
}

static void test_entries__are_sorted(void **state)
{
    (void)state;
    check_written(entries_of(B " path:x\n" A " path:z\n" A " path:b"),
                  A " path:b\n" A " path:z\n" B " path:x\n");
}

static void test_entries__comments_stay_above_their_entry(void **state)
{
    (void)state;
    check_written(
        entries_of("# the file\n\n# of b\n" B " path:x\nno entry\n" A
                   " path:z\n# the end\n"),
        "# the file\n\nno entry\n" A " path:z\n# of b\n" B
        " path:x\n# the end\n");
}

static void test_entries__only_the_first_block_is_the_files(void **state)
{
    (void)state;
    check_written(entries_of(A " path:x\n# of b\n\n" B " path:z\n"),
                  A " path:x\n# of b\n\n" B " path:z\n");
    check_written(entries_of("# of the file\n\n# of b\n\n" B " path:x\n" A
                             " path:z\n"),
                  "# of the file\n\n" A " path:z\n# of b\n\n" B
                  " path:x\n");
}

static void test_entries__a_union_merge_leaves_one_of_each(void **state)
{
    (void)state;
    check_written(entries_of(A " path:x # why\n" B " path:y\n" A
                               " path:x # why\n" B " path:y is:false\n" B
                               " path:y is:real # so\n"),
                  A " path:x # why\n" B " path:y is:real # so\n");
}

static void test_entries__of_two_days_the_later_counts(void **state)
{
    (void)state;
    check_written(entries_of(A " path:x until:2027-01-02\n" A
                               " path:x until:2027-01-10\n" B
                               " path:x until:2027-01-02\n" B " path:x\n"),
                  A " path:x until:2027-01-10\n" B " path:x\n");
}

static void test_entries__put_replaces_what_has_the_same_place(void **state)
{
    secscan_entries *entries = entries_of(A " path:x # old\n" A " path:y\n");
    const secscan_entry same = {
        .fingerprint = A, .path = "x", .reason = "new"};
    const secscan_entry other = {.fingerprint = C, .is_everywhere = 1};

    (void)state;
    CHECK_INT(secscan_entries_find(entries, &same), 0);
    CHECK(secscan_entries_find(entries, &other) == SIZE_MAX);
    CHECK_OK(secscan_entries_put(entries, &same, NULL));
    CHECK_OK(secscan_entries_put(entries, &other, NULL));
    CHECK_INT(secscan_entries_count(entries), 3);
    CHECK_STR(secscan_entries_at(entries, 0)->reason, "new");
    check_written(entries, A " path:x # new\n" A " path:y\n" C " everywhere\n");
}

static void test_entries__what_is_no_entry_is_not_put(void **state)
{
    secscan_entries *entries = entries_of("");
    const secscan_entry bad = {.fingerprint = A};
    secscan_error err = {0};

    (void)state;
    CHECK_INT(secscan_entries_put(entries, &bad, &err), SECSCAN_ERR_ARG);
    CHECK(strstr(err.message, "no place") != NULL);
    CHECK_INT(secscan_entries_put(entries, NULL, &err), SECSCAN_ERR_ARG);
    check_written(entries, "");
}

static void test_entries__a_removed_one_keeps_the_others_indexes(void **state)
{
    secscan_entries *entries =
        entries_of("# of a\n" A " path:x\n" B " path:y\n");
    const secscan_entry a = {.fingerprint = A, .path = "x"};

    (void)state;
    secscan_entries_remove(entries, 0);
    secscan_entries_remove(entries, 7);
    CHECK(!secscan_entries_at(entries, 0));
    CHECK(!secscan_entries_at(entries, 2));
    CHECK(secscan_entries_find(entries, &a) == SIZE_MAX);
    CHECK_INT(secscan_entries_at(entries, 1)->line, 3);
    check_written(entries, "# of a\n" B " path:y\n");
}

static void test_entries__what_was_removed_can_be_put_again(void **state)
{
    secscan_entries *entries = entries_of(A " path:x\n");
    const secscan_entry a = {.fingerprint = A, .path = "x", .reason = "again"};

    (void)state;
    secscan_entries_remove(entries, 0);
    CHECK_OK(secscan_entries_put(entries, &a, NULL));
    CHECK(secscan_entries_find(entries, &a) != SIZE_MAX);
    CHECK_OK(secscan_entries_put(entries, &a, NULL));
    check_written(entries, A " path:x # again\n");
}

static void test_entries__lack_of_memory_is_told_and_leaks_nothing(void **state)
{
    static const char text[] = "# c\n\n" B " path:x\n" A " everywhere # y\n";
    const secscan_entry c = {.fingerprint = C, .path = "q"};
    unsigned long n = 0;
    int rc = SECSCAN_ERR_NOMEM;

    (void)state;
    while (rc == SECSCAN_ERR_NOMEM && n < 200) {
        secscan_entries *entries = NULL;
        ss_buf out = SS_BUF_INIT(1 << 16);

        ss_alloc_fail_at(++n);
        rc = secscan_entries_parse(&entries, text, strlen(text), NULL);
        if (!rc)
            rc = secscan_entries_put(entries, &c, NULL);
        if (!rc)
            rc = secscan_entries_write(entries, append, &out, NULL);
        if (rc == SECSCAN_ERR_IO)
            rc = SECSCAN_ERR_NOMEM; /* the test's own buffer */
        ss_alloc_fail_at(0);
        ss_buf_release(&out);
        secscan_entries_free(entries);
    }
    CHECK_OK(rc);
    CHECK(n > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_entries__are_sorted),
        TEST(test_entries__comments_stay_above_their_entry),
        TEST(test_entries__only_the_first_block_is_the_files),
        TEST(test_entries__a_union_merge_leaves_one_of_each),
        TEST(test_entries__of_two_days_the_later_counts),
        TEST(test_entries__put_replaces_what_has_the_same_place),
        TEST(test_entries__what_is_no_entry_is_not_put),
        TEST(test_entries__a_removed_one_keeps_the_others_indexes),
        TEST(test_entries__what_was_removed_can_be_put_again),
        TEST(test_entries__lack_of_memory_is_told_and_leaks_nothing),
    };

    return RUN(tests);
}

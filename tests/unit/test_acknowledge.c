#include "unit.h"

#include "policy/acknowledge.h"

#define OBJECT "0123456789abcdef0123456789abcdef01234567"

static ss_acknowledgements parse(const char *text)
{
    ss_acknowledgements list = {{0}, {0}};

    CHECK_OK(ss_acknowledgements_parse(&list, ss_bytes_str(text), "ack",
                                       "2026-11-25", NULL));
    return list;
}

static void check_wrong(const char *text, const char *message)
{
    ss_acknowledgements list = {{0}, {0}};
    secscan_error err = {0};

    CHECK_INT(ss_acknowledgements_parse(&list, ss_bytes_str(text), "ack",
                                        "2026-11-25", &err),
              SECSCAN_ERR_RULE);
    CHECK_STR(err.message, message);
    ss_acknowledgements_release(&list);
}

static void test_acknowledge__a_line_has_object_day_and_reason(void **state)
{
    ss_acknowledgements list =
        parse("# broken on purpose\n\n  " OBJECT
              "  until:2027-01-31 #  a fixture of the parser \r\n");
    const ss_acknowledged *a = ss_acknowledgements_find(&list, OBJECT);

    (void)state;
    CHECK(a != NULL);
    CHECK_STR(a->reason, "a fixture of the parser");
    CHECK_STR(a->until, "2027-01-31");
    CHECK(!a->is_over);
    CHECK(ss_acknowledgements_find(&list, "0123") == NULL);
    CHECK(ss_acknowledgements_find(&list, NULL) == NULL);
    ss_acknowledgements_release(&list);
}

static void test_acknowledge__the_day_itself_still_counts(void **state)
{
    ss_acknowledgements last = parse(OBJECT " until:2026-11-25 # x"),
                        over = parse(OBJECT " until:2026-11-24 # x");

    (void)state;
    CHECK(!ss_acknowledgements_find(&last, OBJECT)->is_over);
    CHECK(ss_acknowledgements_find(&over, OBJECT)->is_over);
    ss_acknowledgements_release(&last);
    ss_acknowledgements_release(&over);
}

static void test_acknowledge__of_two_lines_the_later_day_counts(void **state)
{
    static const char *const texts[] = {
        OBJECT " until:2027-01-01 # new\n" OBJECT " until:2026-01-01 # old\n",
        OBJECT " until:2026-01-01 # old\n" OBJECT " until:2027-01-01 # new\n"};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        ss_acknowledgements list = parse(texts[i]);

        CHECK_STR(ss_acknowledgements_find(&list, OBJECT)->reason, "new");
        ss_acknowledgements_release(&list);
    }
}

static void test_acknowledge__a_wrong_line_is_named(void **state)
{
    (void)state;
    check_wrong("\n0123 until:2027-01-01 # x",
                "ack:2:1: a line starts with an object's whole id, in small "
                "letters, as the report has it");
    check_wrong(OBJECT " # x",
                "ack:1:42: the id is followed by until:YYYY-MM-DD, the last "
                "day on which this holds");
    check_wrong(OBJECT " until:2027-02-29 # x",
                "ack:1:42: the id is followed by until:YYYY-MM-DD, the last "
                "day on which this holds");
    check_wrong(OBJECT " until:2027-02-28 x",
                "ack:1:59: the day is followed by # and why nothing is lost");
    check_wrong(OBJECT " until:2027-02-28 #  ",
                "ack:1:62: the reason is missing, or no text");
}

static void test_acknowledge__needs_a_day(void **state)
{
    ss_acknowledgements list = {{0}, {0}};

    (void)state;
    CHECK_INT(
        ss_acknowledgements_parse(&list, ss_bytes_str(""), "ack", NULL, NULL),
        SECSCAN_ERR_ARG);
    CHECK_INT(ss_acknowledgements_parse(&list, ss_bytes_str(""), "ack",
                                        "25.11.2026", NULL),
              SECSCAN_ERR_ARG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_acknowledge__a_line_has_object_day_and_reason),
        TEST(test_acknowledge__the_day_itself_still_counts),
        TEST(test_acknowledge__of_two_lines_the_later_day_counts),
        TEST(test_acknowledge__a_wrong_line_is_named),
        TEST(test_acknowledge__needs_a_day),
    };

    return RUN(tests);
}

#include "unit.h"

#include "scan/check_date.h"

static void test_check_date__days_of_the_calendar(void **state)
{
    char text[SS_DAY_TEXT];

    (void)state;
    CHECK_INT(ss_day_text(text, 0), 0);
    CHECK_STR(text, "1970-01-01");
    CHECK_INT(ss_day_text(text, 951782400), 0);
    CHECK_STR(text, "2000-02-29");
    CHECK_INT(ss_day_text(text, 253402300799), 0);
    CHECK_STR(text, "9999-12-31");
    CHECK_INT(ss_day_text(text, SS_AS_OF), 0);
    CHECK_STR(text, "2026-11-01");
    CHECK_INT(ss_day_text(text, 253402300800), -1);
    CHECK_INT(ss_day_text(text, -1), -1);
}

static int64_t parsed(const char *text)
{
    int64_t seconds = -1;

    return ss_day_parse(&seconds, ss_bytes_str(text)) ? -1 : seconds;
}

static void test_check_date__reads_the_forms_of_urls(void **state)
{
    (void)state;
    CHECK_INT(parsed("20000229T010203Z"), 951782400 + 3723);
    CHECK_INT(parsed("2000-02-29T01:02:03Z"), 951782400 + 3723);
    CHECK_INT(parsed("2000-02-29T01%3A02%3A03Z"), 951782400 + 3723);
    CHECK_INT(parsed("2000-02-29"), 951782400);
    CHECK_INT(parsed("2000-02"), -1);
    CHECK_INT(parsed("2000-13-01"), -1);
    CHECK_INT(parsed("tomorrow"), -1);
    CHECK_INT(parsed(""), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_check_date__days_of_the_calendar),
        TEST(test_check_date__reads_the_forms_of_urls),
    };

    return RUN(tests);
}

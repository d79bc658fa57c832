#include "unit.h"

#include "scan/setting.h"

/* The value stands between marks: token = ${abc}$. */
static ss_setting setting_of(const char *marked)
{
    static char line[256];
    size_t len = 0, marks[2] = {0}, n_marks = 0;

    for (; *marked; marked++) {
        if (!strncmp(marked, n_marks == 0 ? "${" : "}$", 2) && n_marks < 2) {
            marks[n_marks++] = len;
            marked++;
        } else {
            line[len++] = *marked;
        }
    }
    return ss_setting_at(ss_bytes_of(line, len), marks[0], marks[1] - marks[0]);
}

static void check_name(const char *marked, const char *name, char op)
{
    ss_setting s = setting_of(marked);

    if (!ss_bytes_equal(s.name, ss_bytes_str(name)) || s.op != (uint8_t)op)
        fail_msg("%s: %.*s, %c", marked, (int)s.name.len,
                 (const char *)s.name.data, s.op);
}

static void test_setting__assignments(void **state)
{
    (void)state;
    check_name("token = \"${x}$\"", "token", '=');
    check_name("self.token = '${x}$'", "token", '=');
    check_name("TOKEN=${x}$", "TOKEN", '=');
    check_name("token := `${x}$`", "token", '=');
    check_name(":token => '${x}$'", "token", '=');
    check_name("token ||= '${x}$'", "token", '=');
    check_name("config[\"token\"] = \"${x}$\"", "token", '=');
    check_name("token = b\"${x}$\"", "token", '=');
    check_name("$token = '${x}$'", "$token", '=');
}

static void test_setting__pairs_and_elements(void **state)
{
    (void)state;
    check_name("  token: ${x}$", "token", ':');
    check_name("{\"token\": \"${x}$\"}", "token", ':');
    check_name("\"{\\\"token\\\":\\\"${x}$\\\"}\"", "token", ':');
    check_name("<token>${x}$</token>", "token", '>');
    check_name("?a=1&token=${x}$&b=2", "token", '=');
}

static void test_setting__types_are_no_names(void **state)
{
    (void)state;
    check_name("token: str = \"${x}$\"", "token", '=');
    check_name("const token: string = '${x}$'", "token", '=');
    check_name("static TOKEN: &'static str = \"${x}$\"", "TOKEN", '=');
    check_name("$env:TOKEN = \"${x}$\"", "TOKEN", '=');
    check_name("config:set TOKEN=${x}$", "TOKEN", '=');
}

static void test_setting__arguments(void **state)
{
    ss_setting s = setting_of("os.getenv(\"${x}$\")");

    (void)state;
    CHECK_BYTES(s.call, "os.getenv");
    CHECK(s.is_first_argument);
    s = setting_of("os.getenv(\"a\", \"${x}$\")");
    CHECK_BYTES(s.call, "os.getenv");
    CHECK(!s.is_first_argument);
    check_name("set(\"token\", \"${x}$\")", "token", ',');
    check_name("token = Some(\"${x}$\")", "token", '(');
    check_name("token = []byte(\"${x}$\")", "token", '(');
    check_name("run --token ${x}$", "--token", ' ');
    check_name("#define TOKEN \"${x}$\"", "TOKEN", ' ');
    check_name("ENV TOKEN ${x}$", "TOKEN", ' ');
    check_name("the TOKEN ${x}$", "", 0);
}

static void test_setting__comparisons_and_quotes(void **state)
{
    ss_setting s = setting_of("if token == \"${x}$\":");

    (void)state;
    CHECK_INT(s.op, 'c');
    CHECK_INT(s.quote, '"');
    CHECK_INT(s.after, ':');
    s = setting_of("token=${x}$");
    CHECK_INT(s.quote, 0);
    CHECK_INT(s.after, 0);
}

static void test_setting__value_at_the_start_has_no_name(void **state)
{
    (void)state;
    check_name("${x}$", "", 0);
    check_name("\"${x}$\"", "", 0);
    check_name("= ${x}$", "", '=');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_setting__assignments),
        TEST(test_setting__pairs_and_elements),
        TEST(test_setting__types_are_no_names),
        TEST(test_setting__arguments),
        TEST(test_setting__comparisons_and_quotes),
        TEST(test_setting__value_at_the_start_has_no_name),
    };

    return RUN(tests);
}

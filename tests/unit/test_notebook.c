#include "unit.h"

#include "reader_case.h"

static reading read_json(const char *json)
{
    ss_bytes bytes = ss_bytes_str(json);

    CHECK(reads_alike(SS_OPENS_NOTEBOOK, bytes));
    return read_whole(SS_OPENS_NOTEBOOK, bytes);
}

static int reads_as(const char *json, const char *text)
{
    reading r = read_json(json);
    int same = r.status == 0 &&
               ss_bytes_equal(ss_buf_bytes(&r.text), ss_bytes_str(text));

    if (!same)
        print_message("%s\n", (const char *)r.text.data);
    release(&r);
    return same;
}

static void test_notebook__cells_are_as_they_were_typed(void **state)
{
    (void)state;
    CHECK(reads_as("{\"cells\": [{\"cell_type\": \"code\", \"source\": "
                   "[\"a = \\\"x\\\"\\n\", \"b = 2\"]},"
                   "{\"cell_type\": \"markdown\", \"source\": \"words\"}],"
                   "\"nbformat\": 4}",
                   "<cell 1>\na = \"x\"\nb = 2<cell 2>\nwords"));
}

static void test_notebook__outputs_give_their_texts(void **state)
{
    (void)state;
    CHECK(reads_as(
        "{\"cells\": [{\"source\": \"s\", \"outputs\": ["
        "{\"output_type\": \"stream\", \"name\": \"stdout\", \"text\": "
        "[\"one\\n\", \"two\\n\"]},"
        "{\"output_type\": \"execute_result\", \"metadata\": {}, \"data\": {"
        "\"text/plain\": \"plain\", \"application/json\": {\"k\": \"v\"},"
        "\"image/png\": \"aW1n\", \"image/svg+xml\": [\"<svg>\"]}},"
        "{\"output_type\": \"error\", \"ename\": \"E\", \"evalue\": \"why\","
        "\"traceback\": [\"line 1\", \"line 2\"]}]}]}",
        "<cell 1>\ns<cell 1 output 1>\none\ntwo\n"
        "<cell 1 output 2>\nplain\n{\"k\":\"v\"}\n<svg>\n"
        "<cell 1 output 2 image/png>\naW1n"
        "<cell 1 output 3>\nE\nwhy\nline 1\nline 2\n"));
}

static void test_notebook__attachments_and_metadata(void **state)
{
    (void)state;
    CHECK(reads_as("{\"cells\": [{\"source\": \"s\", \"attachments\": {"
                   "\"a.png\": {\"image/png\": \"aW1n\"}},"
                   "\"metadata\": {\"tags\": [\"t\"]}}],"
                   "\"metadata\": {\"server\": {\"token\": \"x\", \"n\": 1,"
                   "\"long\": \"a\\nb\"}}}",
                   "<cell 1>\ns<cell 1 a.png>\naW1n"
                   "<cell 1 metadata>\ntags = t\n"
                   "<metadata>\ntoken = x\nlong =\na\nb\n"));
}

static void test_notebook__format_3(void **state)
{
    (void)state;
    CHECK(reads_as("{\"worksheets\": [{\"cells\": [{\"input\": [\"a\"],"
                   "\"outputs\": [{\"output_type\": \"pyout\", \"text\": "
                   "[\"t\"], \"png\": \"aW1n\"}]}]},"
                   "{\"cells\": [{\"source\": \"b\"}]}]}",
                   "<cell 1>\na<cell 1 output 1>\nt\n"
                   "<cell 1 output 1 png>\naW1n<cell 2>\nb"));
}

static void test_notebook__a_byte_order_mark_and_nul(void **state)
{
    reading r = read_json("\xef\xbb\xbf{\"cells\": [{\"source\": "
                          "\"a\\u0000b\"}]}");

    (void)state;
    CHECK_INT(r.status, 0);
    CHECK(ss_bytes_equal(ss_buf_bytes(&r.text),
                         ss_bytes_of("<cell 1>\na\0b", 12)));
    release(&r);
}

static void test_notebook__what_is_none_has_no_members(void **state)
{
    (void)state;
    CHECK(reads_as("{\"a\": 1}", ""));
    CHECK(reads_as("{\"cells\": \"many\"}", ""));
    CHECK(reads_as("{\"cells\": [1, null, [], {\"source\": 3}]}", ""));
    CHECK(reads_as("{\"metadata\": {\"a\": \"b\"}}", ""));
    CHECK(reads_as("[]", ""));
    CHECK(reads_as("no JSON", ""));
}

static void test_notebook__is_not_as_deep_as_its_text_says(void **state)
{
    static char json[200000] =
        "{\"cells\": [{\"source\": \"s\"}], \"metadata\":";

    (void)state;
    memset(json + strlen(json), '[', 100000);
    CHECK(reads_as(json, ""));
}

static const char sample[] =
    "{\"cells\": [{\"source\": [\"a\\n\", \"b\"], \"outputs\": [{\"text\": "
    "\"t\", \"data\": {\"image/png\": \"aW1n\"}, \"traceback\": [\"l\"]}],"
    "\"attachments\": {\"f\": {\"image/png\": \"aW1n\"}}}],"
    "\"metadata\": {\"k\": [\"v\\ud83d\\ude00\"]}}";

static void test_notebook__damage_of_any_kind_ends_in_order(void **state)
{
    (void)state;
    read_damaged(SS_OPENS_NOTEBOOK, ss_bytes_str(sample), 1);
}

static void test_notebook__memory_may_end_anywhere(void **state)
{
    (void)state;
    read_without_memory(SS_OPENS_NOTEBOOK, ss_bytes_str(sample));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_notebook__cells_are_as_they_were_typed),
        TEST(test_notebook__outputs_give_their_texts),
        TEST(test_notebook__attachments_and_metadata),
        TEST(test_notebook__format_3),
        TEST(test_notebook__a_byte_order_mark_and_nul),
        TEST(test_notebook__what_is_none_has_no_members),
        TEST(test_notebook__is_not_as_deep_as_its_text_says),
        TEST(test_notebook__damage_of_any_kind_ends_in_order),
        TEST(test_notebook__memory_may_end_anywhere),
    };
    return RUN(tests);
}

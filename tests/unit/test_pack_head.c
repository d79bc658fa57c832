#include "unit.h"

#include "source/pack_head.h"

static ss_pack_head head;

static const char *read(const void *bytes, size_t len)
{
    return ss_pack_head_read(&head, ss_bytes_of(bytes, len), 20);
}

static void test_pack_head__size_in_four_and_then_seven_bits(void **state)
{
    (void)state;
    CHECK(!read("\x35", 1));
    CHECK_INT(head.kind, 3);
    CHECK_INT(head.size, 5);
    CHECK_INT(head.len, 1);
    CHECK(!read("\x9f\xff\x01zz", 5));
    CHECK_INT(head.kind, 1);
    CHECK_INT(head.size, 15 + (127 << 4) + (1 << 11));
    CHECK_INT(head.len, 3);
    CHECK(!head.distance && !head.base_id);
}

static void test_pack_head__distance_has_one_form_for_each_number(void **state)
{
    (void)state;
    CHECK(!read("\x62\x7f", 2));
    CHECK_INT(head.distance, 127);
    CHECK(!read("\x62\x80\x00", 3));
    CHECK_INT(head.distance, 128);
    CHECK(!read("\x62\xff\x7f", 3));
    CHECK_INT(head.distance, 16511);
    CHECK_INT(head.kind, 0);
    CHECK_INT(head.len, 3);
}

static void test_pack_head__base_by_id(void **state)
{
    const char *bytes = "\x72"
                        "0123456789abcdefghij"
                        "x";

    (void)state;
    CHECK(!read(bytes, 22));
    CHECK(head.base_id == (const uint8_t *)bytes + 1);
    CHECK_INT(head.len, 21);
}

static void test_pack_head__nonsense_is_named(void **state)
{
    char endless[64];

    (void)state;
    memset(endless, 0xff, sizeof(endless));
    CHECK_STR(read("", 0), "an entry's header");
    CHECK_STR(read("\xb5", 1), "an entry's header");
    endless[0] = (char)0xb5;
    CHECK_STR(read(endless, sizeof(endless)), "an entry's header");
    CHECK_STR(read("\x05", 1), "an entry's type");
    CHECK_STR(read("\x55", 1), "an entry's type");
    CHECK_STR(read("\x62", 1), "an entry's base");
    CHECK_STR(read("\x62\x00", 2), "an entry's base"); /* itself */
    endless[0] = 0x62;
    CHECK_STR(read(endless, sizeof(endless)), "an entry's base");
    CHECK_STR(read("\x72"
                   "0123456789abcdefghi",
                   20),
              "an entry's base");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_pack_head__size_in_four_and_then_seven_bits),
        TEST(test_pack_head__distance_has_one_form_for_each_number),
        TEST(test_pack_head__base_by_id),
        TEST(test_pack_head__nonsense_is_named),
    };

    return RUN(tests);
}

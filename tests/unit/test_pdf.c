#include "unit.h"

#include "reader_case.h"

#include <qpdf/qpdf-c.h>

#include <stdio.h>
#include <zlib.h>

/* A document under construction: objects 1, 2 ...; 1 is the root. */
typedef struct draft {
    ss_buf bytes;
    size_t offsets[40];
    unsigned n;
} draft;

static draft begin(void)
{
    draft d = {.bytes = SS_BUF_INIT(1u << 30)};

    ss_buf_puts(&d.bytes, "%PDF-1.7\n");
    return d;
}

static void begin_object(draft *d)
{
    d->offsets[d->n++] = d->bytes.len;
    ss_buf_printf(&d->bytes, "%u 0 obj\n", d->n);
}

static void add_object(draft *d, const char *text)
{
    begin_object(d);
    ss_buf_printf(&d->bytes, "%s\nendobj\n", text);
}

static void add_stream(draft *d, const char *keys, ss_bytes content)
{
    begin_object(d);
    ss_buf_printf(&d->bytes, "<< %s /Length %zu >>\nstream\n", keys,
                  content.len);
    ss_buf_add(&d->bytes, content.data, content.len);
    ss_buf_puts(&d->bytes, "\nendstream\nendobj\n");
}

static ss_bytes end(draft *d)
{
    size_t xref = d->bytes.len;

    ss_buf_printf(&d->bytes, "xref\n0 %u\n0000000000 65535 f \n", d->n + 1);
    for (unsigned i = 0; i < d->n; i++)
        ss_buf_printf(&d->bytes, "%010zu 00000 n \n", d->offsets[i]);
    ss_buf_printf(&d->bytes,
                  "trailer << /Root 1 0 R /Size %u >>\nstartxref\n%zu\n"
                  "%%%%EOF\n",
                  d->n + 1, xref);
    return ss_buf_bytes(&d->bytes);
}

/* Two objects that every document has. */
static draft begin_pages(void)
{
    draft d = begin();

    add_object(&d, "<< /Type /Catalog /Pages 2 0 R >>");
    add_object(&d, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    return d;
}

static draft begin_page(const char *keys)
{
    draft d = begin_pages();
    char text[500];

    snprintf(text, sizeof(text),
             "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] %s >>", keys);
    add_object(&d, text);
    return d;
}

static void add_deflated(draft *d, const char *keys, ss_bytes content)
{
    uLongf len = compressBound(content.len);
    uint8_t *data = ss_alloc(len);
    char all[200];

    CHECK_OK(compress(data, &len, content.data, content.len));
    snprintf(all, sizeof(all), "%s /Filter /FlateDecode", keys);
    add_stream(d, all, ss_bytes_of(data, len));
    ss_free(data);
}

static reading read_draft(draft *d)
{
    reading r;

    end(d);
    CHECK(reads_alike(SS_OPENS_PDF, ss_buf_bytes(&d->bytes)));
    r = read_whole(SS_OPENS_PDF, ss_buf_bytes(&d->bytes));
    ss_buf_release(&d->bytes);
    return r;
}

static void test_pdf__objects_give_their_strings(void **state)
{
    draft d = begin_page("");
    reading r;

    (void)state;
    add_object(&d, "<< /Title (a plain title) /Author <FEFF00E90074> "
                   "/A << /S /URI /URI (https://x.test/?q=1) >> "
                   "/Kids [(first) (second \\(2\\))] "
                   "/JS (one\\ntwo) >>");
    r = read_draft(&d);
    CHECK_INT(r.status, 0);
    CHECK(has(&r, "<objects>\n"));
    CHECK(has(&r, "\nTitle = a plain title\n"));
    CHECK(has(&r, "\nAuthor = \xc3\xa9t\n"));
    CHECK(has(&r, "\nURI = https://x.test/?q=1\n"));
    CHECK(has(&r, "\nKids = first\nKids = second (2)\n"));
    CHECK(has(&r, "\nJS =\none\ntwo\n"));
    release(&r);
}

static void test_pdf__streams_are_decoded(void **state)
{
    draft d = begin_page("");
    reading r;

    (void)state;
    add_stream(&d, "", ss_bytes_str("as it is"));
    add_deflated(&d, "", ss_bytes_str("deflated words"));
    add_stream(&d, "/Filter /ASCIIHexDecode", ss_bytes_str("68657861>"));
    add_stream(&d, "/Filter /RunLengthDecode", ss_bytes_str("\xfdr\x80"));
    add_stream(&d, "/Filter /DCTDecode", ss_bytes_str("a picture"));
    r = read_draft(&d);
    CHECK_INT(r.status, 0);
    CHECK(has(&r, "<object 4>\nas it is<object 5>\ndeflated words"
                  "<object 6>\nhexa<object 7>\nrrrr<object 8>\na picture"));
    release(&r);
}

/* "-----A---B" is the example of ISO 32000-1, 7.4.4.2. */
static void test_pdf__lzw(void **state)
{
    draft d = begin_page("");
    reading r;

    (void)state;
    add_stream(&d, "/Filter /LZWDecode",
               ss_bytes_of("\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", 9));
    r = read_draft(&d);
    CHECK_INT(r.status, 0);
    CHECK(has(&r, "<object 4>\n-----A---B"));
    release(&r);
}

/* Rows of four bytes: as they are, to the left, above, their mean, Paeth's. */
static void test_pdf__predictors(void **state)
{
    static const char rows[] = "\0abcd"
                               "\1a\1\1\1"
                               "\2\0\1\1\1"
                               "\3\x31\1\1\1"
                               "\4\1\0\0\0";
    draft d = begin_page("");
    reading r;

    (void)state;
    add_deflated(&d, "/DecodeParms << /Predictor 15 /Columns 4 >>",
                 ss_bytes_of(rows, sizeof(rows) - 1));
    add_deflated(&d, "/DecodeParms << /Predictor 2 /Columns 4 >>",
                 ss_bytes_str("a\1\1\1b\1\1\1"));
    r = read_draft(&d);
    CHECK_INT(r.status, 0);
    CHECK(has(&r, "<object 4>\nabcd"
                  "abcd"
                  "acde"
                  "acde"
                  "bcde"));
    CHECK(has(&r, "<object 5>\nabcdbcde"));
    release(&r);
}

static void test_pdf__a_page_gives_its_text(void **state)
{
    draft d = begin_page("/Contents [4 0 R 5 0 R]");
    reading r;

    (void)state;
    add_stream(&d, "",
               ss_bytes_str("BT /F1 12 Tf 1 0 0 1 50 700 Tm (one line) Tj "
                            "0 -14 Td [(pie) -20 (ces) -300 (apart) 40 (!)] TJ "
                            "T* <68 65 78> Tj 30 0 Td (joined) Tj "
                            "/F2 9 Tf 30 0 Td (beside) Tj"));
    add_stream(&d, "",
               ss_bytes_str("ET q BI /W 1 ID (not) Tj EI Q % (nor) Tj\n"
                            "BT (esc\\141ped \\(x\\)) ' ET"));
    r = read_draft(&d);
    CHECK_INT(r.status, 0);
    CHECK(has(&r, "<page 1>\none line\npieces apart!\nhexjoined beside\n"
                  "escaped (x)\n"));
    release(&r);
}

static void test_pdf__a_font_says_what_its_codes_are(void **state)
{
    draft d = begin_page("/Contents 4 0 R /Resources << /Font << /F1 5 0 R /F2 "
                         "7 0 R >> >>");
    reading r;

    (void)state;
    add_stream(&d, "",
               ss_bytes_str("BT /F1 9 Tf <00010002000300050006> Tj "
                            "/F2 9 Tf (plain) Tj ET"));
    add_object(&d, "<< /Type /Font /Subtype /Type0 /ToUnicode 6 0 R >>");
    add_deflated(
        &d, "",
        ss_bytes_str(
            "1 begincodespacerange <0000> <ffff> "
            "endcodespacerange 1 beginbfchar <0001> <006b> <0003> <fb01> "
            "endbfchar 2 beginbfrange <0002> <0002> <0065> "
            "<0005> <0006> [<0079> <0021>] endbfrange"));
    add_object(&d, "<< /Type /Font /Subtype /Type1 >>");
    r = read_draft(&d);
    CHECK_INT(r.status, 0);
    CHECK(has(&r, "<page 1>\nkefiy!plain\n"));
    release(&r);
}

static void test_pdf__a_form_gives_its_text(void **state)
{
    draft d = begin_page("");
    reading r;

    (void)state;
    add_deflated(&d, "/Type /XObject /Subtype /Form",
                 ss_bytes_str("BT [(to)-3(ken)] TJ ET"));
    r = read_draft(&d);
    CHECK_INT(r.status, 0);
    CHECK(has(&r, "<object 4 text>\ntoken\n"));
    release(&r);
}

static void test_pdf__an_embedded_file_has_its_name(void **state)
{
    draft d = begin_page("");
    reading r;

    (void)state;
    add_object(&d, "<< /Type /Filespec /F (notes.txt) /EF << /F 5 0 R >> >>");
    add_deflated(&d, "/Type /EmbeddedFile", ss_bytes_str("its content"));
    r = read_draft(&d);
    CHECK_INT(r.status, 0);
    CHECK(has(&r, "<notes.txt>\nits content"));
    release(&r);
}

static void test_pdf__places_are_objects(void **state)
{
    const ss_container_kind kind = {.opens = SS_OPENS_PDF};
    const ss_opener *opener = ss_open_container();
    draft d = begin_page("");
    ss_container *c = NULL;
    ss_container_fault fault;
    ss_member member;
    ss_input input;
    ss_bytes bytes;
    char text[500] = "";

    (void)state;
    add_object(&d, "<< /Title (first) >>");
    add_object(&d, "<< /Title (next) >>");
    bytes = end(&d);
    input = input_of(&bytes, 0);
    CHECK_OK(opener->open(&c, &kind, &input, NULL, NULL, &fault));
    CHECK_INT(opener->next(c, &member, &fault), 1);
    CHECK(opener->read(c, text, sizeof(text), &fault) > 0);
    CHECK_STR(opener->name_at(c, (uint64_t)(strstr(text, "first") - text)),
              "object 4");
    CHECK_STR(opener->name_at(c, (uint64_t)(strstr(text, "next") - text)),
              "object 5");
    opener->close(c);
    ss_buf_release(&d.bytes);
}

static void test_pdf__a_long_stream_is_read_in_windows(void **state)
{
    draft d = begin_page("");
    uint8_t *data = ss_calloc(1, 140000000);
    reading r;

    (void)state;
    memcpy(data + 139999990, "at the end", 10);
    add_deflated(&d, "", ss_bytes_of(data, 140000000));
    end(&d);
    r = read_whole(SS_OPENS_PDF, ss_buf_bytes(&d.bytes));
    CHECK_INT(r.status, 0);
    CHECK(has(&r, "at the end"));
    CHECK(r.text.len > 140000000 && r.text.len < 140010000);
    release(&r);
    ss_free(data);
    ss_buf_release(&d.bytes);
}

/* Its table is a stream, and one of its objects is in another, of `len` bytes.
 */
static reading read_packed(size_t len)
{
    static const char title[] = "9 0 << /Title (packed away) >>";
    draft d = begin_page("");
    uint8_t *data = ss_alloc(len);
    uint8_t table[40] = {0};
    reading r;

    memset(data, ' ', len);
    memcpy(data, title, sizeof(title) - 1);
    add_deflated(&d, "/Type /ObjStm /N 1 /First 4", ss_bytes_of(data, len));
    for (size_t i = 0; i < 4; i++) {
        table[4 * i + 4] = 1;
        table[4 * i + 5] = (uint8_t)(d.offsets[i] >> 8);
        table[4 * i + 6] = (uint8_t)d.offsets[i];
    }
    table[36] = 2;
    table[38] = 4;
    add_stream(&d, "/Type /XRef /Size 10 /W [1 2 1] /Root 1 0 R",
               ss_bytes_of(table, sizeof(table)));
    ss_buf_printf(&d.bytes, "startxref\n%zu\n%%%%EOF\n", d.offsets[4]);
    r = read_whole(SS_OPENS_PDF, ss_buf_bytes(&d.bytes));
    ss_free(data);
    ss_buf_release(&d.bytes);
    return r;
}

/* qpdf holds streams of objects whole: not the second of these. */
static void test_pdf__a_bomb_of_objects_is_damage(void **state)
{
    reading small = read_packed(100000);
    reading large = read_packed(140000000);

    (void)state;
    CHECK_INT(small.status, 0);
    CHECK(has(&small, "Title = packed away\n"));
    CHECK_INT(large.status, SECSCAN_ERR_CORRUPT);
    CHECK_STR(large.fault.reason, "corrupt");
    CHECK(!has(&large, "Title = packed away\n"));
    release(&small);
    release(&large);
}

/* With a title in it, encrypted by qpdf. */
static reading read_encrypted(const char *password)
{
    draft d = begin_page("");
    qpdf_data pdf = qpdf_init();
    ss_bytes bytes;
    reading r;

    add_object(&d, "<< /Title (under a lock) >>");
    bytes = end(&d);
    qpdf_set_suppress_warnings(pdf, QPDF_TRUE);
    qpdf_read_memory(pdf, "draft", (const char *)bytes.data, bytes.len, NULL);
    qpdf_oh_replace_key(pdf, qpdf_get_trailer(pdf), "/Info",
                        qpdf_get_object_by_id(pdf, 4, 0));
    qpdf_init_write_memory(pdf);
    qpdf_set_r6_encryption_parameters2(
        pdf, password, "owner", QPDF_TRUE, QPDF_TRUE, QPDF_TRUE, QPDF_TRUE,
        QPDF_TRUE, QPDF_TRUE, qpdf_r3p_full, QPDF_TRUE);
    CHECK(!(qpdf_write(pdf) & QPDF_ERRORS));
    r = read_whole(SS_OPENS_PDF, ss_bytes_of(qpdf_get_buffer(pdf),
                                             qpdf_get_buffer_length(pdf)));
    qpdf_cleanup(&pdf);
    ss_buf_release(&d.bytes);
    return r;
}

static void test_pdf__one_that_everybody_may_read_is_read(void **state)
{
    reading r = read_encrypted("");

    (void)state;
    CHECK_INT(r.status, 0);
    CHECK(has(&r, "Title = under a lock\n"));
    release(&r);
}

static void test_pdf__one_with_a_password_is_encrypted(void **state)
{
    reading r = read_encrypted("user");

    (void)state;
    CHECK(r.status < 0);
    CHECK_STR(r.fault.reason, "encrypted");
    release(&r);
}

static void test_pdf__what_cannot_be_read_is_said(void **state)
{
    reading r =
        read_whole(SS_OPENS_PDF, ss_bytes_str("%PDF-1.7\nsome words\n%%EOF\n"));

    (void)state;
    CHECK_INT(r.status, SECSCAN_ERR_CORRUPT);
    CHECK_STR(r.fault.reason, "corrupt");
    release(&r);
}

static void test_pdf__a_lost_table_is_found_again_and_said(void **state)
{
    draft d = begin_page("");
    reading r;

    (void)state;
    add_object(&d, "<< /Title (still here) >>");
    end(&d);
    d.bytes.len -= 15;
    r = read_whole(SS_OPENS_PDF, ss_buf_bytes(&d.bytes));
    CHECK_INT(r.status, SECSCAN_ERR_CORRUPT);
    CHECK(has(&r, "Title = still here\n"));
    release(&r);
    ss_buf_release(&d.bytes);
}

static int at_once(void *ctx)
{
    (void)ctx;
    return 1;
}

static void test_pdf__stops_when_asked(void **state)
{
    draft d = begin_page("");
    reading r;

    (void)state;
    end(&d);
    r = read_with(SS_OPENS_PDF, ss_buf_bytes(&d.bytes), 0, at_once);
    CHECK_INT(r.status, SECSCAN_ERR_LIMIT);
    CHECK_STR(r.fault.reason, "time-limit");
    release(&r);
    ss_buf_release(&d.bytes);
}

static void test_pdf__damage_of_any_kind_ends_in_order(void **state)
{
    draft d = begin_page("/Contents 4 0 R /Resources << /Font << /F1 5 0 R >> "
                         ">>");

    (void)state;
    add_deflated(&d, "", ss_bytes_str("BT /F1 9 Tf [(to)-3(ken)] TJ ET"));
    add_object(&d, "<< /Type /Font /ToUnicode 6 0 R >>");
    add_stream(&d, "",
               ss_bytes_str("beginbfrange <20> <7e> <0020> endbfrange"));
    end(&d);
    read_damaged(SS_OPENS_PDF, ss_buf_bytes(&d.bytes), 1);
    ss_buf_release(&d.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_pdf__objects_give_their_strings),
        TEST(test_pdf__streams_are_decoded),
        TEST(test_pdf__lzw),
        TEST(test_pdf__predictors),
        TEST(test_pdf__a_page_gives_its_text),
        TEST(test_pdf__a_font_says_what_its_codes_are),
        TEST(test_pdf__a_form_gives_its_text),
        TEST(test_pdf__an_embedded_file_has_its_name),
        TEST(test_pdf__places_are_objects),
        TEST(test_pdf__a_long_stream_is_read_in_windows),
        TEST(test_pdf__a_bomb_of_objects_is_damage),
        TEST(test_pdf__one_that_everybody_may_read_is_read),
        TEST(test_pdf__one_with_a_password_is_encrypted),
        TEST(test_pdf__what_cannot_be_read_is_said),
        TEST(test_pdf__a_lost_table_is_found_again_and_said),
        TEST(test_pdf__stops_when_asked),
        TEST(test_pdf__damage_of_any_kind_ends_in_order),
    };
    return RUN(tests);
}

/* Members of containers and encoded secrets, in every format. */
#include "report_case.h"

static const char *const chain[] = {"base64", "gzip"};
static char encoded[64];

static const char *const formats[] = {"text",  "json",     "jsonl",    "sarif",
                                      "html",  "markdown", "github",   "gitlab",
                                      "junit", "csv",      "gitleaks", "hook"};
#define N_FORMATS (sizeof(formats) / sizeof(*formats))

/* All of what stands at the place. */
static void encode(secscan_place *place)
{
    snprintf(encoded, sizeof(encoded), "%s%s%024d", "H4sI", "AAAA", 9);
    finding.encoded = bytes_of(encoded);
    place->encodings = chain;
    place->n_encodings = 2;
}

static void put_into_container(secscan_place *place)
{
    place->path = "fixtures/wow!/all.zip!etc/app.conf";
    place->file_len = strlen("fixtures/wow!/all.zip");
}

/* Of `coverage`, with what was opened. */
static const char *report_with(const char *format, secscan_coverage told)
{
    secscan_report *report = open_report(format, 0, 200);

    give(report);
    CHECK_OK(secscan_report_finish(report, &told, 1, NULL));
    secscan_report_free(report);
    CHECK_OK(ss_buf_putc(&report_bytes, '\0'));
    return (const char *)report_bytes.data;
}

static const char *purge_list(void)
{
    return report_of("purge-list", SECSCAN_REPORT_SHOW_SECRETS);
}

static const char *purge_note(char note[400])
{
    secscan_report *report =
        open_report("purge-list", SECSCAN_REPORT_SHOW_SECRETS, 0);

    give(report);
    CHECK_OK(secscan_report_finish(report, &coverage, 1, NULL));
    snprintf(note, 400, "%s", secscan_report_note(report));
    secscan_report_free(report);
    return note;
}

/* ---- encodings ---------------------------------------------------------- */

static void test_encodings__are_told_outermost_first(void **state)
{
    (void)state;
    encode(&finding.place);
    encode(&places[0]);
    CHECK_HAS(report_of("text", 0),
              "  payments/settings.py:42:10 (base64 > gzip)\n");
    CHECK_HAS(report_of("hook", 0),
              "  payments/settings.py:42:10 (base64 > gzip)\n");
    CHECK_HAS(report_of("json", 0), "\"encodings\":[\"base64\",\"gzip\"]");
    CHECK_HAS(report_of("sarif", 0), ", written as base64 > gzip");
    CHECK_HAS(report_of("sarif", 0), "\"encodings\":[\"base64\",\"gzip\"]");
    CHECK_HAS(report_of("github", 0), " (base64 > gzip)");
    CHECK_HAS(report_of("gitlab", 0),
              "at payments/settings.py:42:10 (base64 > gzip): ");
    CHECK_HAS(report_of("junit", 0),
              "payments/settings.py:42:10 (base64 &gt; gzip)");
    CHECK_HAS(report_of("markdown", 0), " (base64 &#62; gzip)");
    CHECK_HAS(report_of("csv", 0), ",Tags,Encodings\n");
    CHECK_HAS(report_of("csv", 0), ",base64 > gzip\n");
}

static void test_encodings__plain_places_have_none(void **state)
{
    (void)state;
    CHECK_HAS(report_of("text", 0), "  payments/settings.py:42:10\n");
    CHECK_HAS(report_of("json", 0), "\"encodings\":[]}]");
    CHECK_LACKS(report_of("sarif", 0), "encodings");
    CHECK_HAS(report_of("csv", 0), ",,\n");
}

static void test_encodings__of_further_places_are_told(void **state)
{
    (void)state;
    places[1] = places[0];
    places[1].path = "other.yaml";
    encode(&places[1]);
    finding.n_places = 2;
    CHECK_HAS(report_of("text", 0),
              "also at   other.yaml:42:10 (base64 > gzip)\n");
}

static void test_encodings__the_encoded_text_is_as_secret(void **state)
{
    char text[200], path[200];

    (void)state;
    encode(&finding.place);
    for (size_t i = 0; i < N_FORMATS; i++) {
        secscan_report *report = open_report(formats[i], 0, 80);

        give(report);
        snprintf(text, sizeof(text), "both = %s %s", encoded, secret);
        snprintf(path, sizeof(path), "dir/%s.txt", encoded);
        finding.line = bytes_of(text);
        finding.secret_at = strlen(text) - strlen(secret);
        finding.place.path = path;
        finding.encoded = (secscan_bytes){NULL, 0};
        give(report);
        close_report(report, 1);
        CHECK_LACKS((char *)report_bytes.data, encoded + 8);
        CHECK_OK(set_up(NULL));
        encode(&finding.place);
    }
}

/* One text of megabytes may hold a thousand secrets. */
static void test_encodings__copies_share_the_encoded_text(void **state)
{
    secscan_findings *findings = NULL;
    const secscan_sink *sink;

    (void)state;
    CHECK_OK(secscan_findings_new(&findings, NULL));
    sink = secscan_findings_sink(findings);
    encode(&finding.place);
    CHECK_OK(sink->finding(sink->ctx, &finding));
    CHECK_OK(sink->finding(sink->ctx, &finding));
    encoded[20]++;
    CHECK_OK(sink->finding(sink->ctx, &finding));
    CHECK(secscan_findings_at(findings, 0)->encoded.data ==
          secscan_findings_at(findings, 1)->encoded.data);
    CHECK(secscan_findings_at(findings, 1)->encoded.data !=
          secscan_findings_at(findings, 2)->encoded.data);
    CHECK(memcmp(secscan_findings_at(findings, 2)->encoded.data, encoded,
                 strlen(encoded)) == 0);
    secscan_findings_free(findings);
}

static void test_encodings__sarif_quotes_no_line_that_is_not_there(void **state)
{
    (void)state;
    CHECK_HAS(report_of("sarif", 0), "\"snippet\"");
    encode(&finding.place);
    CHECK_HAS(report_of("sarif", 0), "\"startLine\":42");
    CHECK_LACKS(report_of("sarif", 0), "\"snippet\"");
}

/* ---- members ------------------------------------------------------------ */

static void test_members__people_read_the_whole_path(void **state)
{
    (void)state;
    put_into_container(&finding.place);
    CHECK_HAS(report_of("text", 0),
              "  fixtures/wow!/all.zip!etc/app.conf:42:10\n");
    CHECK_HAS(report_of("hook", 0),
              "  fixtures/wow!/all.zip!etc/app.conf:42:10\n");
    CHECK_HAS(report_of("csv", 0), ",fixtures/wow!/all.zip!etc/app.conf,");
    CHECK_HAS(report_of("gitleaks", 0),
              "\"File\":\"fixtures/wow!/all.zip!etc/app.conf\"");
    CHECK_HAS(report_of("markdown", 0),
              "&#33;etc&#47;app&#46;conf&#58;42&#58;10");
}

static void test_members__json_says_which_file_is_there(void **state)
{
    (void)state;
    CHECK_HAS(report_of("json", 0), "\"container\":null");
    put_into_container(&finding.place);
    CHECK_HAS(report_of("json", 0),
              "\"path\":\"fixtures/wow!/all.zip!etc/app.conf\"");
    CHECK_HAS(report_of("json", 0), "\"container\":\"fixtures/wow!/all.zip\"");
}

/* Services show the file that is named: its lines are not the member's. */
static void test_members__services_get_the_file_without_lines(void **state)
{
    (void)state;
    put_into_container(&finding.place);
    CHECK_HAS(report_of("sarif", 0), "\"uri\":\"fixtures/wow!/all.zip\"");
    CHECK_LACKS(report_of("sarif", 0), "\"region\"");
    CHECK_HAS(report_of("sarif", 0),
              "\"logicalLocations\":[{\"fullyQualifiedName\":"
              "\"fixtures/wow!/all.zip!etc/app.conf:42:10\","
              "\"kind\":\"member\"}]");
    CHECK_HAS(report_of("sarif", 0),
              "at fixtures/wow!/all.zip!etc/app.conf:42:10");
    CHECK_HAS(report_of("github", 0),
              "::error file=fixtures/wow!/all.zip,title=");
    CHECK_HAS(report_of("github", 0),
              ", at fixtures/wow!/all.zip!etc/app.conf:42:10.");
    CHECK_HAS(report_of("gitlab", 0), "\"file\":\"fixtures/wow!/all.zip\"");
    CHECK_LACKS(report_of("gitlab", 0), "start_line");
    CHECK_HAS(report_of("junit", 0), "file=\"fixtures/wow!/all.zip\"");
}

/* An exclamation mark alone makes no member. */
static void test_members__files_keep_their_lines(void **state)
{
    (void)state;
    finding.place.path = "wow!/notes.txt";
    CHECK_HAS(report_of("sarif", 0), "\"uri\":\"wow!/notes.txt\"");
    CHECK_HAS(report_of("sarif", 0), "\"startLine\":42");
    CHECK_HAS(report_of("github", 0), "file=wow!/notes.txt,line=42,");
    CHECK_HAS(report_of("gitlab", 0), "\"start_line\":42");
    CHECK_HAS(report_of("json", 0), "\"container\":null");
}

static void test_members__a_skip_in_one_is_at_the_file(void **state)
{
    const secscan_skip skip = {.path = "all.zip!inner/x",
                               .reason = "encrypted",
                               .detail = "",
                               .file_len = strlen("all.zip")};
    secscan_report *report = open_report("sarif", 0, 0);
    const secscan_sink *sink = secscan_report_sink(report);

    (void)state;
    CHECK_OK(sink->skipped(sink->ctx, &skip));
    close_report(report, 0);
    CHECK_HAS((char *)report_bytes.data,
              "not scanned: encrypted, at all.zip!inner/x");
    CHECK_HAS((char *)report_bytes.data, "\"uri\":\"all.zip\"");
}

/* ---- what was read ------------------------------------------------------ */

static void test_read__containers_are_counted(void **state)
{
    secscan_coverage told = coverage;

    (void)state;
    CHECK_LACKS(report_with("text", told), "container");
    CHECK_LACKS(report_with("text", told), "decoded");
    told.containers = 12;
    told.members = 3456;
    told.decoded_bytes = 7100;
    CHECK_HAS(report_with("text", told),
              "14 blobs, 12 containers, 3,456 members, 41 kB, 7.1 kB decoded, "
              "80 rules\n");
    CHECK_HAS(report_with("hook", told), "3456 members of containers, 41 kB");
    CHECK_HAS(report_with("markdown", told),
              "12 containers, 3456 members, 41234 bytes, 7100 bytes decoded.");
    CHECK_HAS(report_with("json", told), "\"containers\":12,\"members\":3456");
    CHECK_HAS(report_with("sarif", told), "\"containers\":12,\"members\":3456");
}

/* ---- to be purged ------------------------------------------------------- */

static void test_purge__takes_the_encoded_text_too(void **state)
{
    char note[400];

    (void)state;
    CHECK_LACKS(purge_list(), "H4sI");
    encode(&finding.place);
    encode(&places[0]);
    CHECK_HAS(purge_list(), encoded);
    CHECK_HAS(purge_list(), secret);
    CHECK_HAS(purge_note(note), "2 values to replace; it holds them");
}

static void test_purge__says_what_it_cannot_change(void **state)
{
    char note[400];

    (void)state;
    put_into_container(&finding.place);
    encode(&finding.place);
    places[0] = finding.place;
    CHECK_LACKS(purge_list(), encoded);
    CHECK_HAS(purge_note(note), "1 value to replace; 1 in containers, which "
                                "it cannot change: take those files out; ");
}

static void test_purge__says_what_is_encoded_elsewhere(void **state)
{
    char note[400];

    (void)state;
    places[1] = places[0];
    encode(&places[1]);
    finding.encoded = (secscan_bytes){NULL, 0};
    finding.n_places = 2;
    CHECK_HAS(purge_note(note), "; 1 encoded at several places: scan again "
                                "afterwards; ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        REPORT_TEST(test_encodings__are_told_outermost_first),
        REPORT_TEST(test_encodings__plain_places_have_none),
        REPORT_TEST(test_encodings__of_further_places_are_told),
        REPORT_TEST(test_encodings__the_encoded_text_is_as_secret),
        REPORT_TEST(test_encodings__copies_share_the_encoded_text),
        REPORT_TEST(test_encodings__sarif_quotes_no_line_that_is_not_there),
        REPORT_TEST(test_members__people_read_the_whole_path),
        REPORT_TEST(test_members__json_says_which_file_is_there),
        REPORT_TEST(test_members__services_get_the_file_without_lines),
        REPORT_TEST(test_members__files_keep_their_lines),
        REPORT_TEST(test_members__a_skip_in_one_is_at_the_file),
        REPORT_TEST(test_read__containers_are_counted),
        REPORT_TEST(test_purge__takes_the_encoded_text_too),
        REPORT_TEST(test_purge__says_what_it_cannot_change),
        REPORT_TEST(test_purge__says_what_is_encoded_elsewhere),
    };

    return RUN(tests);
}

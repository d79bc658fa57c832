/*
 * json_out.c: escape, and put the commas where they belong.
 */
#include "json_out.h"

#include "report/date.h"
#include "report/utf8.h"

#include <inttypes.h>

#define MAX_TEXT (256u << 20)

void ss_json_init(ss_json *json, ss_out *out, const ss_report_view *view)
{
    *json = (ss_json){out, view, SS_BUF_INIT(MAX_TEXT), 0, 0, 0};
}

int ss_json_release(ss_json *json)
{
    ss_buf_release(&json->scratch);
    return json->is_failed ? -1 : 0;
}

static void begin_value(ss_json *json, const char *key)
{
    if (json->has_value)
        ss_out_puts(json->out, ",");
    if (key) {
        ss_out_puts(json->out, "\"");
        ss_out_puts(json->out, key);
        ss_out_puts(json->out, "\":");
    }
    json->has_value = 1;
}

void ss_json_open(ss_json *json, const char *key, char bracket)
{
    begin_value(json, key);
    ss_out_add(json->out, &bracket, 1);
    json->has_value = 0;
}

void ss_json_close(ss_json *json, char bracket)
{
    ss_out_add(json->out, &bracket, 1);
    json->has_value = 1;
}

void ss_json_line(ss_json *json)
{
    if (json->has_value)
        ss_out_puts(json->out, ",");
    ss_out_puts(json->out, "\n");
    json->has_value = 0;
}

static int is_plain(uint8_t c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '<';
}

static void put_escape(ss_json *json, uint32_t code)
{
    ss_out *out = json->out;

    if (code == '<' && !json->is_in_html)
        ss_out_puts(out, "<");
    else if (code == '\n')
        ss_out_puts(out, "\\n");
    else if (code == '\t')
        ss_out_puts(out, "\\t");
    else if (code == '"' || code == '\\')
        ss_out_printf(out, "\\%c", (int)code);
    else if (code >= 0x10000)
        ss_out_printf(out, "\\u%04x\\u%04x", 0xd7c0u + (code >> 10),
                      0xdc00u + (code & 0x3ffu));
    else
        ss_out_printf(out, "\\u%04x", code);
}

/* One character that is not plain; returns its length in bytes. */
static size_t put_special(ss_json *json, ss_bytes s, size_t at)
{
    ss_out *out = json->out;
    size_t len;
    uint32_t code = ss_utf8_next(s, at, &len);

    if (code == SS_UTF8_BAD)
        ss_out_puts(out, "\xef\xbf\xbd");
    else if (code < 0x80 || ss_utf8_is_unsafe(code))
        put_escape(json, code);
    else
        ss_out_add(out, s.data + at, len);
    return len;
}

static void put_string(ss_json *json, ss_bytes s)
{
    ss_out *out = json->out;
    size_t done = 0;
    size_t at = 0;

    ss_out_puts(out, "\"");
    while (at < s.len) {
        if (is_plain(s.data[at])) {
            at++;
            continue;
        }
        ss_out_add(out, s.data + done, at - done);
        at += put_special(json, s, at);
        done = at;
    }
    ss_out_add(out, s.data + done, at - done);
    ss_out_puts(out, "\"");
}

void ss_json_bytes(ss_json *json, const char *key, ss_bytes s)
{
    begin_value(json, key);
    put_string(json, s);
}

void ss_json_str(ss_json *json, const char *key, const char *s)
{
    if (s)
        ss_json_bytes(json, key, ss_bytes_str(s));
    else
        ss_json_null(json, key);
}

void ss_json_num(ss_json *json, const char *key, uint64_t n)
{
    begin_value(json, key);
    ss_out_printf(json->out, "%" PRIu64, n);
}

void ss_json_bool(ss_json *json, const char *key, int is_true)
{
    begin_value(json, key);
    ss_out_puts(json->out, is_true ? "true" : "false");
}

void ss_json_null(ss_json *json, const char *key)
{
    begin_value(json, key);
    ss_out_puts(json->out, "null");
}

/* What the view has put into the scratch, as a string. */
static void put_scratch(ss_json *json, const char *key, int rc)
{
    if (rc)
        json->is_failed = 1;
    ss_json_bytes(json, key, ss_buf_bytes(&json->scratch));
    ss_buf_reset(&json->scratch);
}

void ss_json_text(ss_json *json, const char *key, const char *text)
{
    if (text)
        put_scratch(json, key, ss_view_text(&json->scratch, json->view, text));
    else
        ss_json_null(json, key);
}

void ss_json_file(ss_json *json, const char *key, const secscan_place *place)
{
    put_scratch(json, key, ss_view_file(&json->scratch, json->view, place));
}

void ss_json_secret(ss_json *json, const char *key,
                    const secscan_finding *finding)
{
    if (finding->secret.len)
        put_scratch(json, key,
                    ss_view_secret(&json->scratch, json->view, finding));
    else
        ss_json_null(json, key);
}

void ss_json_match(ss_json *json, const char *key,
                   const secscan_finding *finding)
{
    put_scratch(json, key, ss_view_match(&json->scratch, json->view, finding));
}

void ss_json_part(ss_json *json, const char *key, const secscan_part *part)
{
    put_scratch(json, key, ss_view_part(&json->scratch, json->view, part));
}

void ss_json_excerpt(ss_json *json, const char *key,
                     const secscan_finding *finding)
{
    size_t from, to;

    if (finding->line.len)
        put_scratch(
            json, key,
            ss_view_line(&json->scratch, json->view, finding, &from, &to));
    else
        ss_json_null(json, key);
}

void ss_json_date(ss_json *json, const char *key, int64_t time, int32_t offset)
{
    char text[SS_DATE_TEXT];

    if (ss_date_rfc3339(text, time, offset))
        ss_json_null(json, key);
    else
        ss_json_str(json, key, text);
}

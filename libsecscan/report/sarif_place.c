/*
 * sarif_place.c: text and places of a SARIF log. A place is a file that is
 * there, and behind it what is in it: services show the file, whose lines are
 * not those of a member.
 */
#include "report/sarif.h"

/* ---- text ------------------------------------------------------------- */

void ss_sarif_add(ss_sarif *s, const char *text)
{
    if (ss_buf_puts(&s->text, text))
        s->json.is_failed = 1;
}

void ss_sarif_add_scanned(ss_sarif *s, const char *text)
{
    if (ss_view_text(&s->text, s->json.view, text))
        s->json.is_failed = 1;
}

void ss_sarif_put_text(ss_sarif *s, const char *key)
{
    ss_json_bytes(&s->json, key, ss_buf_bytes(&s->text));
    ss_buf_reset(&s->text);
}

void ss_sarif_put_message(ss_sarif *s)
{
    ss_json_open(&s->json, "message", '{');
    ss_sarif_put_text(s, "text");
    ss_json_close(&s->json, '}');
}

static int is_uri_char(uint8_t c)
{
    return ss_is_alnum(c) || (c && strchr("-._~/!$&'()*+,;=@", c));
}

/* The path of the file that is there as a URI reference; the scratch is free
 * between values. */
static void add_uri(ss_sarif *s, const secscan_place *place)
{
    ss_buf *scratch = &s->json.scratch;

    if (ss_view_file(scratch, s->json.view, place))
        s->json.is_failed = 1;
    if (scratch->len && scratch->data[0] == '/')
        ss_sarif_add(s, "file://");
    for (size_t i = 0; i < scratch->len; i++) {
        uint8_t c = scratch->data[i];
        int rc = is_uri_char(c) ? ss_buf_putc(&s->text, (char)c)
                                : ss_buf_printf(&s->text, "%%%02X", c);

        if (rc)
            s->json.is_failed = 1;
    }
    ss_buf_reset(scratch);
}

/* ---- places ----------------------------------------------------------- */

static void put_region(ss_sarif *s, const secscan_place *place,
                       const secscan_finding *finding)
{
    ss_json *json = &s->json;

    if (place->line_start == 0)
        return;
    ss_json_open(json, "region", '{');
    ss_json_num(json, "startLine", place->line_start);
    ss_json_num(json, "startColumn", place->column_start);
    ss_json_num(json, "endLine", place->line_end);
    ss_json_num(json, "endColumn", place->column_end);
    /* A line that has been decoded does not stand there. */
    if (finding && finding->line.len && !place->n_encodings) {
        ss_json_open(json, "snippet", '{');
        ss_json_excerpt(json, "text", finding);
        ss_json_close(json, '}');
    }
    ss_json_close(json, '}');
}

static void put_physical(ss_sarif *s, const secscan_place *place,
                         const secscan_finding *finding)
{
    ss_json *json = &s->json;

    ss_json_open(json, "physicalLocation", '{');
    ss_json_open(json, "artifactLocation", '{');
    add_uri(s, place);
    ss_sarif_put_text(s, "uri");
    if (place->path[0] != '/')
        ss_json_str(json, "uriBaseId", "%SRCROOT%");
    ss_json_close(json, '}');
    if (!ss_view_is_member(place))
        put_region(s, place, finding);
    ss_json_close(json, '}');
}

/* The text so far as a name. */
static void put_name(ss_sarif *s, const char *kind)
{
    ss_json_open(&s->json, "logicalLocations", '[');
    ss_json_open(&s->json, NULL, '{');
    ss_sarif_put_text(s, "fullyQualifiedName");
    ss_json_str(&s->json, "kind", kind);
    ss_json_close(&s->json, '}');
    ss_json_close(&s->json, ']');
}

/* ":3:5" */
static void add_position(ss_sarif *s, const secscan_place *place)
{
    if (place->line_start &&
        ss_buf_printf(&s->text, ":%llu:%llu",
                      (unsigned long long)place->line_start,
                      (unsigned long long)place->column_start))
        s->json.is_failed = 1;
}

/* Where in a container. */
static void put_member(ss_sarif *s, const secscan_place *place)
{
    ss_sarif_add_scanned(s, place->path);
    add_position(s, place);
    put_name(s, "member");
}

/* What has no path: a message, a name. */
static void put_logical(ss_sarif *s, const secscan_place *place)
{
    const char *kind = secscan_source_name((int)place->source);

    ss_sarif_add(s, kind);
    ss_sarif_add(s, " ");
    ss_sarif_add(s, place->object ? place->object : "");
    put_name(s, kind);
}

/* The file, and what is in it; or what there is instead. */
static void put_where(ss_sarif *s, const secscan_place *place,
                      const secscan_finding *finding)
{
    if (!place->path || !*place->path) {
        put_logical(s, place);
        return;
    }
    put_physical(s, place, finding);
    if (ss_view_is_member(place))
        put_member(s, place);
}

void ss_sarif_put_location(ss_sarif *s, const secscan_place *place,
                           const secscan_finding *finding, size_t id)
{
    ss_json_open(&s->json, NULL, '{');
    if (id)
        ss_json_num(&s->json, "id", id);
    put_where(s, place, finding);
    ss_json_close(&s->json, '}');
}

/* A part's location says what it is to the finding. */
static void put_part(ss_sarif *s, const secscan_part *part, size_t id)
{
    ss_json *json = &s->json;

    ss_json_open(json, NULL, '{');
    ss_json_num(json, "id", id);
    ss_sarif_add(s, part->role && *part->role ? part->role : part->rule);
    ss_sarif_add(s, " ");
    if (ss_view_part(&s->text, json->view, part))
        json->is_failed = 1;
    ss_sarif_put_message(s);
    put_where(s, &part->place, NULL);
    ss_json_close(json, '}');
}

/* Parts first; ids go on behind them. */
void ss_sarif_put_related(ss_sarif *s, const secscan_finding *finding)
{
    size_t n = finding->n_places, n_parts = finding->n_parts;

    if (n < 2 && !n_parts)
        return;
    ss_json_open(&s->json, "relatedLocations", '[');
    for (size_t i = 0; i < n_parts; i++)
        put_part(s, &finding->parts[i], i + 1);
    for (size_t i = 1; i < n && i + n_parts <= SS_SARIF_MAX_RELATED; i++)
        ss_sarif_put_location(s, &finding->places[i], NULL, i + n_parts);
    ss_json_close(&s->json, ']');
}

/* What the location does not say. */
void ss_sarif_add_place(ss_sarif *s, const secscan_place *place)
{
    if (ss_view_is_member(place)) {
        ss_sarif_add(s, ", at ");
        ss_sarif_add_scanned(s, place->path);
        add_position(s, place);
    }
    if (!place->n_encodings)
        return;
    ss_sarif_add(s, ", written as ");
    if (ss_view_encodings(&s->text, place))
        s->json.is_failed = 1;
}

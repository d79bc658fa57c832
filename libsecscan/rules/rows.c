/*
 * rows.c: TOML tables by rows. Knows nothing of what the keys mean.
 */
#include "rules/rows.h"

#include "base/buf.h"
#include "rules/re2.h"
#include "rules/regex.h"

#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

#define MAX_LIST 4096u
#define MAX_STRING ((size_t)64 << 10)
#define MAX_KEY 24u

typedef struct value {
    ss_rows_reader *reader;
    const ss_row *row;
    const ss_toml_node *node;
    uint8_t *target;
} value;

int ss_rows_fail(ss_rows_reader *reader, ss_toml_place place,
                 const char *format, ...)
{
    char message[200];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    return ss_fail_at(reader->err, SECSCAN_ERR_RULE, reader->file, place.line,
                      place.column, "%s", message);
}

static int fail_kind(const value *v, const char *kind)
{
    return ss_rows_fail(v->reader, ss_toml_place_of(v->node),
                        "'%s' has to be %s", v->row->key, kind);
}

/* ---- where a string stands ------------------------------------------------
 */

/* Go to a line, from the one before: neighbours are asked for one after the
 * other. 0: the file is shorter. */
static int go_to_line(ss_rows_reader *r, uint32_t line)
{
    const uint8_t *text = r->text.data, *end;

    while (r->line < line) {
        end = memchr(text + r->line_at, '\n', r->text.len - r->line_at);
        if (!end)
            return 0;
        r->line_at = (size_t)(end - text) + 1;
        r->line++;
    }
    while (r->line > line) {
        end = memrchr(text, '\n', r->line_at - 1);
        r->line_at = end ? (size_t)(end - text) + 1 : 0;
        r->line--;
    }
    return 1;
}

/* The bytes of the file from a place on; empty when it is not in there. */
static ss_bytes text_from(ss_rows_reader *reader, ss_toml_place place)
{
    ss_bytes text = reader->text;
    size_t at;

    if (!go_to_line(reader, place.line ? place.line - 1 : 0))
        return ss_bytes_of(text.data, 0);
    at = reader->line_at;
    for (uint32_t column = 1; column < place.column && at < text.len;) {
        at++;
        /* Columns count code points: pass over continuation bytes. */
        column += at >= text.len || (text.data[at] & 0xc0) != 0x80;
    }
    return ss_bytes_of(text.data + at, text.len - at);
}

static ss_text_place text_place_of(ss_rows_reader *reader,
                                   const ss_toml_node *node)
{
    ss_text_place place = {ss_toml_place_of(node), 0};
    ss_bytes s = text_from(reader, place.start);

    if (ss_bytes_starts(s, "'''\n")) {
        place.is_plain = 1;
        place.start.line++;
        place.start.column = 1;
    } else if (ss_bytes_starts(s, "'''")) {
        place.is_plain = 1;
        place.start.column += 3;
    } else if (ss_bytes_starts(s, "'")) {
        place.is_plain = 1;
        place.start.column += 1;
    }
    return place;
}

ss_toml_place ss_text_place_at(const ss_text_place *place, const char *string,
                               size_t offset)
{
    ss_toml_place at = place->start;

    if (!place->is_plain)
        return at;
    for (size_t i = 0; i < offset && string[i]; i++) {
        if (string[i] == '\n') {
            at.line++;
            at.column = 1;
        } else {
            at.column += ((uint8_t)string[i] & 0xc0) != 0x80;
        }
    }
    return at;
}

/* ---- kinds -----------------------------------------------------------------
 */

static int copy_string(const value *v, const ss_toml_node *node,
                       const char **out)
{
    const char *text;
    size_t len;

    if (!ss_toml_string(node, &text, &len))
        return ss_rows_fail(v->reader, ss_toml_place_of(node),
                            "'%s' takes strings", v->row->key);
    if (strlen(text) != len || len > MAX_STRING)
        return ss_rows_fail(v->reader, ss_toml_place_of(node),
                            "a string with a NUL in it, or over 64 KiB");
    *out = ss_arena_str(v->reader->arena, text, len);
    return *out ? 0 : ss_fail_nomem(v->reader->err);
}

/* PCRE2's error becomes one with the place in the file. */
static int check_regex(const value *v, const ss_toml_node *node,
                       const char *pattern)
{
    secscan_error *err = v->reader->err;
    secscan_error own;
    ss_text_place place;
    ss_toml_place at;
    int rc = ss_regex_check(pattern, 0, &own);

    if (rc == 0)
        return 0;
    if (rc == SECSCAN_ERR_NOMEM)
        return ss_fail_nomem(err);
    place = text_place_of(v->reader, node);
    at = ss_text_place_at(&place, pattern, own.column ? own.column - 1 : 0);
    return ss_fail_at(err, SECSCAN_ERR_RULE, v->reader->file, at.line,
                      at.column, "%s", own.message);
}

/* An error in a pattern becomes one with the place in the file. */
static int translate(const value *v, const ss_toml_node *node,
                     const char **pattern)
{
    secscan_error own;
    ss_text_place place;
    ss_toml_place at;
    int rc;

    if (!v->reader->is_gitleaks)
        return 0;
    rc = ss_re2_translate(pattern, *pattern, v->reader->arena, &own);
    if (rc == 0)
        return 0;
    if (rc == SECSCAN_ERR_NOMEM)
        return ss_fail_nomem(v->reader->err);
    place = text_place_of(v->reader, node);
    at = ss_text_place_at(&place, *pattern, own.column ? own.column - 1 : 0);
    return ss_fail_at(v->reader->err, SECSCAN_ERR_RULE, v->reader->file,
                      at.line, at.column, "%s", own.message);
}

/* ---- fragments -------------------------------------------------------------
 */

#define MAX_FRAGMENT_NAME 32u

static int is_fragment_name(ss_bytes name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (name.data[i] != '_' && (name.data[i] < 'A' || name.data[i] > 'Z'))
            return 0;
    }
    return name.len > 0 && name.len <= MAX_FRAGMENT_NAME;
}

int ss_rows_fragments(ss_rows_reader *reader, const ss_toml_node *table)
{
    if (ss_toml_kind_of(table) != SS_TOML_TABLE)
        return ss_rows_fail(reader, ss_toml_place_of(table),
                            "[fragments] has to be a table");
    for (size_t i = 0; i < ss_toml_count(table); i++) {
        ss_toml_key key;
        const ss_toml_node *node = ss_toml_entry(table, i, &key);

        if (!is_fragment_name(ss_bytes_of(key.text, key.len)))
            return ss_rows_fail(reader, key.place,
                                "the name of a fragment has to be 1 to %u "
                                "capitals and underscores",
                                MAX_FRAGMENT_NAME);
        if (ss_toml_kind_of(node) != SS_TOML_STRING)
            return ss_rows_fail(reader, ss_toml_place_of(node),
                                "a fragment has to be a string");
    }
    reader->fragments = table;
    return 0;
}

/* The name of the {{NAME}} at `s`; empty when there is none. */
static ss_bytes fragment_at(const char *s)
{
    const char *end = s[0] == '{' && s[1] == '{' ? strstr(s, "}}") : NULL;
    ss_bytes name = ss_bytes_of(s, 0);

    if (end)
        name = ss_bytes_of(s + 2, (size_t)(end - s) - 2);
    return is_fragment_name(name) ? name : ss_bytes_of(s, 0);
}

static int add_fragment(const value *v, ss_buf *out, ss_bytes name)
{
    char key[MAX_FRAGMENT_NAME + 1] = "";
    const ss_toml_node *node;
    const char *text;
    size_t len;

    memcpy(key, name.data, name.len);
    node = ss_toml_get(v->reader->fragments, key);
    if (!node || !ss_toml_string(node, &text, &len))
        return ss_rows_fail(v->reader, ss_toml_place_of(v->node),
                            "no fragment is called {{%s}}", key);
    return ss_buf_add(out, text, len) ? ss_fail_nomem(v->reader->err) : 0;
}

/* One level deep: what a fragment holds stands for itself. */
static int expand(const value *v, const char **text)
{
    ss_buf out = SS_BUF_INIT(MAX_STRING);
    const char *s = *text;
    int rc = 0;

    while (!rc && *s) {
        ss_bytes name = fragment_at(s);

        if (name.len) {
            rc = add_fragment(v, &out, name);
            s += name.len + 4;
        } else if (ss_buf_add(&out, s++, 1)) {
            rc = ss_fail_nomem(v->reader->err);
        }
    }
    if (!rc) {
        *text = ss_arena_str(v->reader->arena, (const char *)out.data, out.len);
        rc = *text ? 0 : ss_fail_nomem(v->reader->err);
    }
    ss_buf_release(&out);
    return rc;
}

static int read_string(const value *v)
{
    const char *text = NULL;
    int rc;

    if (ss_toml_kind_of(v->node) != SS_TOML_STRING)
        return fail_kind(v, "a string");
    rc = copy_string(v, v->node, &text);
    if (!rc && v->row->kind == SS_ROW_REGEX && v->reader->fragments)
        rc = expand(v, &text);
    if (rc)
        return rc;
    if (v->row->kind == SS_ROW_REGEX && *text) {
        rc = translate(v, v->node, &text);
        if (!rc)
            rc = check_regex(v, v->node, text);
        if (rc)
            return rc;
    }
    memcpy(v->target + v->row->offset, &text, sizeof(text));
    return 0;
}

static void lower(const char *text)
{
    for (char *s = (char *)text; *s; s++)
        *s = (char)ss_lower((uint8_t)*s);
}

static int read_item(const value *v, const ss_toml_node *node, const char **out)
{
    int rc = copy_string(v, node, out);

    if (rc)
        return rc;
    if (v->row->kind == SS_ROW_LOWER_LIST)
        lower(*out);
    if (v->row->kind != SS_ROW_REGEX_LIST)
        return 0;
    rc = translate(v, node, out);
    return rc ? rc : check_regex(v, node, *out);
}

static int read_list(const value *v)
{
    size_t n = ss_toml_count(v->node);
    uint16_t count = (uint16_t)n;
    const char **items;

    if (ss_toml_kind_of(v->node) != SS_TOML_ARRAY)
        return fail_kind(v, "an array of strings");
    if (n > MAX_LIST)
        return fail_kind(v, "an array of at most 4096 strings");
    items = ss_arena_alloc(v->reader->arena, n * sizeof(*items));
    if (!items)
        return ss_fail_nomem(v->reader->err);
    for (size_t i = 0; i < n; i++) {
        int rc = read_item(v, ss_toml_item(v->node, i), &items[i]);

        if (rc)
            return rc;
    }
    memcpy(v->target + v->row->offset, &items, sizeof(items));
    memcpy(v->target + v->row->count_offset, &count, sizeof(count));
    return 0;
}

static int read_number(const value *v)
{
    int64_t number;
    uint32_t narrow;

    if (!ss_toml_integer(v->node, &number))
        return fail_kind(v, "an integer");
    if (number < 0 || number > v->row->max)
        return ss_rows_fail(v->reader, ss_toml_place_of(v->node),
                            "'%s' has to be from 0 to %u", v->row->key,
                            v->row->max);
    narrow = (uint32_t)number;
    memcpy(v->target + v->row->offset, &narrow, sizeof(narrow));
    return 0;
}

static int read_real(const value *v)
{
    double real;

    if (!ss_toml_float(v->node, &real))
        return fail_kind(v, "a number");
    if (!(real >= 0 && real <= v->row->max))
        return ss_rows_fail(v->reader, ss_toml_place_of(v->node),
                            "'%s' has to be from 0 to %u", v->row->key,
                            v->row->max);
    memcpy(v->target + v->row->offset, &real, sizeof(real));
    return 0;
}

static int read_bool(const value *v)
{
    int is_true;

    if (!ss_toml_bool(v->node, &is_true))
        return fail_kind(v, "true or false");
    v->target[v->row->offset] = (uint8_t)is_true;
    return 0;
}

static int fail_word(const value *v)
{
    char list[120] = "";
    size_t len = 0;

    for (size_t i = 0; v->row->words[i] && len < sizeof(list); i++)
        len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s",
                                i ? ", " : "", v->row->words[i]);
    return ss_rows_fail(v->reader, ss_toml_place_of(v->node),
                        "'%s' has to be one of: %s", v->row->key, list);
}

static int read_word(const value *v)
{
    const char *text;
    size_t len;

    if (!ss_toml_string(v->node, &text, &len))
        return fail_word(v);
    for (size_t i = 0; v->row->words[i]; i++) {
        if (strcasecmp(v->row->words[i], text) == 0) {
            v->target[v->row->offset] = (uint8_t)i;
            return 0;
        }
    }
    return fail_word(v);
}

static int read_value(const value *v)
{
    switch (v->row->kind) {
    case SS_ROW_STRING:
    case SS_ROW_REGEX:
        return read_string(v);
    case SS_ROW_LIST:
    case SS_ROW_LOWER_LIST:
    case SS_ROW_REGEX_LIST:
        return read_list(v);
    case SS_ROW_NUMBER:
        return read_number(v);
    case SS_ROW_REAL:
        return read_real(v);
    case SS_ROW_BOOL:
        return read_bool(v);
    case SS_ROW_WORD:
        return read_word(v);
    case SS_ROW_REFUSED:
        if (v->reader->is_gitleaks) {
            ss_note_add(v->reader->notes, v->reader->arena, v->reader->file,
                        ss_toml_place_of(v->node),
                        "'%s' has no effect, in gitleaks neither", v->row->key);
            return 0;
        }
        return ss_rows_fail(v->reader, ss_toml_place_of(v->node),
                            "'%s' is not supported: take it out", v->row->key);
    default:
        return 0;
    }
}

/* ---- keys ------------------------------------------------------------------
 */

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Edits that make one key the other, ASCII case ignored. */
static unsigned distance(const ss_toml_key *key, const char *known)
{
    size_t len = strlen(known);
    unsigned row[MAX_KEY + 1];

    if (key->len > MAX_KEY || len > MAX_KEY)
        return UINT32_MAX;
    for (unsigned k = 0; k <= len; k++)
        row[k] = k;
    for (unsigned i = 1; i <= key->len; i++) {
        unsigned diagonal = row[0];

        row[0] = i;
        for (unsigned k = 1; k <= len; k++) {
            unsigned above = row[k];
            unsigned differs = ss_lower((uint8_t)key->text[i - 1]) !=
                               ss_lower((uint8_t)known[k - 1]);

            row[k] = least(diagonal + differs, least(above, row[k - 1]) + 1);
            diagonal = above;
        }
    }
    return row[len];
}

static int fail_unknown(ss_rows_reader *reader, const ss_toml_key *key,
                        const char *what, const ss_row *rows, size_t n_rows)
{
    const char *best = NULL;
    unsigned best_distance = 3;

    for (size_t i = 0; i < n_rows; i++) {
        unsigned d = distance(key, rows[i].key);

        if (d < best_distance) {
            best_distance = d;
            best = rows[i].key;
        }
    }
    if (best)
        return ss_rows_fail(
            reader, key->place, "unknown key '%.*s' in %s: did you mean '%s'?",
            (int)(key->len < 40 ? key->len : 40), key->text, what, best);
    return ss_rows_fail(reader, key->place,
                        "unknown key '%.*s' in %s: take it out",
                        (int)(key->len < 40 ? key->len : 40), key->text, what);
}

/* gitleaks does not look at keys that it does not know. */
static void note_unknown(ss_rows_reader *reader, const ss_toml_key *key,
                         const char *what)
{
    ss_note_add(reader->notes, reader->arena, reader->file, key->place,
                "unknown key '%.*s' in %s is passed over",
                (int)(key->len < 40 ? key->len : 40), key->text, what);
}

static const ss_row *find_row(const ss_toml_key *key, const ss_row *rows,
                              size_t n_rows)
{
    for (size_t i = 0; i < n_rows; i++) {
        if (strlen(rows[i].key) == key->len &&
            strncasecmp(rows[i].key, key->text, key->len) == 0)
            return &rows[i];
    }
    return NULL;
}

int ss_rows_read(ss_rows_reader *reader, const ss_toml_node *table,
                 const char *what, const ss_row *rows, size_t n_rows,
                 void *target, ss_text_place *at)
{
    size_t n;

    if (ss_toml_kind_of(table) != SS_TOML_TABLE)
        return ss_rows_fail(reader, ss_toml_place_of(table),
                            "%s has to be a table", what);
    n = ss_toml_count(table);
    for (size_t i = 0; i < n; i++) {
        value v = {reader, NULL, NULL, target};
        ss_toml_key key;
        int rc;

        v.node = ss_toml_entry(table, i, &key);
        v.row = find_row(&key, rows, n_rows);
        if (!v.row && reader->is_gitleaks) {
            note_unknown(reader, &key, what);
            continue;
        }
        if (!v.row)
            return fail_unknown(reader, &key, what, rows, n_rows);
        rc = read_value(&v);
        if (rc)
            return rc;
        if (at)
            at[v.row - rows] = text_place_of(reader, v.node);
    }
    return 0;
}

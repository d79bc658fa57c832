/*
 * layer.c: decode a region, then what is encoded in that.
 */
#include "layer.h"

#include "base/alloc.h"
#include "base/error.h"

/* Longer text, or of several lines, is not what a name stands in front of. */
#define MAX_NAMED 256u
/* Joints may be anywhere in the text around; not for ever. */
#define LOOSE_DEPTH 3u

static ss_bytes text_of(const ss_layer *layer, uint32_t part)
{
    if (part == SS_LAYER_UNIT)
        return layer->unit;
    return ss_layer_text(layer, &layer->parts.at[part]);
}

/* ---- one part ---- */

/* One line that can be read, and not long: a value. Its line end was typed with
 * it. */
static int is_value(ss_bytes text)
{
    if (text.len > MAX_NAMED)
        return 0;
    while (text.len && memchr("\r\n", text.data[text.len - 1], 2))
        text.len--;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < 0x20 && text.data[i] != '\t')
            return 0;
    }
    return 1;
}

static size_t line_before(ss_bytes text, size_t at)
{
    size_t low = at > SS_LAYER_LEFT ? at - SS_LAYER_LEFT : 0;
    const uint8_t *newline = memrchr(text.data + low, '\n', at - low);

    return newline ? at - (size_t)(newline - text.data) - 1 : at - low;
}

static size_t line_behind(ss_bytes text, size_t at)
{
    size_t left = text.len - at;
    size_t len = left < SS_LAYER_RIGHT ? left : SS_LAYER_RIGHT;
    const uint8_t *newline = memchr(text.data + at, '\n', len);

    return newline ? (size_t)(newline - text.data) - at : len;
}

/* Does the text around belong to it? In front of an escape there may be letters
 * of the same word; a value has a name. */
static int is_named(const ss_decoder *decoder, ss_bytes body)
{
    switch (decoder->encoding) {
    case SS_ENCODING_UTF16:
    case SS_ENCODING_UTF32:
        return 0;
    case SS_ENCODING_BASE64:
    case SS_ENCODING_HEX:
        return is_value(body);
    default:
        return 1;
    }
}

static size_t most_of(const ss_layer_part *p)
{
    return 4 * (p->region.to - p->region.from) + SS_LAYER_LEFT +
           SS_LAYER_RIGHT + sizeof(SS_LAYER_GAP);
}

static int has_room(const ss_layer *layer, const ss_layer_part *p)
{
    return most_of(p) <= layer->bytes.max - layer->bytes.len;
}

static int add_around(ss_layer *layer, ss_bytes text, size_t from, size_t len)
{
    return ss_buf_add(&layer->bytes, text.data + from, len);
}

/* Room first, since the parent's text is in the same buffer. The text to the
 * left goes again if what follows has no name. */
static int write_part(ss_layer *layer, ss_layer_part *p)
{
    ss_bytes text, body;
    int rc = ss_buf_reserve(&layer->bytes, most_of(p));

    if (rc)
        return rc;
    text = text_of(layer, p->parent);
    p->at = layer->bytes.len;
    p->left = line_before(text, p->region.from);
    rc = add_around(layer, text, p->region.from - p->left, p->left);
    if (!rc)
        rc = p->decoder->decode(ss_bytes_of(text.data + p->region.from,
                                            p->region.to - p->region.from),
                                &layer->bytes);
    if (rc)
        return rc;
    body = ss_bytes_of(layer->bytes.data + p->at + p->left,
                       layer->bytes.len - p->at - p->left);
    p->body_len = body.len;
    p->is_container = layer->is_container && layer->is_container(body);
    if (!is_named(p->decoder, body)) {
        p->at += p->left;
        p->left = 0;
    } else {
        p->right = line_behind(text, p->region.to);
        rc = add_around(layer, text, p->region.to, p->right);
    }
    p->len = layer->bytes.len - p->at;
    return rc ? rc
              : ss_buf_add(&layer->bytes, SS_LAYER_GAP,
                           sizeof(SS_LAYER_GAP) - 1);
}

static int add_part(ss_layer *layer, uint32_t parent, const ss_decoder *decoder,
                    ss_region region)
{
    ss_layer_part p = {
        .decoder = decoder, .parent = parent, .depth = 1, .region = region};

    if (parent != SS_LAYER_UNIT)
        p.depth = layer->parts.at[parent].depth + 1;
    if (p.depth > layer->max_depth) {
        layer->is_cut = 1;
        return 0;
    }
    if (!has_room(layer, &p)) {
        layer->is_full = 1;
        return 0;
    }
    return write_part(layer, &p) ? -1 : SS_VEC_PUSH(&layer->parts, p);
}

/* ---- parts of a part ---- */

/* What was decoded by `parent` makes a region new: it has to touch it. */
static int is_wanted(const ss_layer_part *parent, const ss_decoder *decoder,
                     ss_region region)
{
    const ss_encoding joint = SS_ENCODING_CONCATENATION;

    if (region.from < parent->left + parent->body_len &&
        region.to > parent->left)
        return 1;
    return parent->depth < LOOSE_DEPTH &&
           (decoder->encoding == joint) != (parent->decoder->encoding == joint);
}

static int add_regions(ss_layer *layer, uint32_t parent,
                       const ss_decoder_row *row)
{
    const ss_sight_places *places = &layer->sights.of[row->sight];
    size_t low = 0;

    for (size_t i = 0; i < places->len && !layer->is_full; i++) {
        ss_region region;

        if (places->at[i] < low ||
            row->decoder->find(text_of(layer, parent), low, places->at[i],
                               &region) <= 0)
            continue;
        low = region.to;
        if (!is_wanted(&layer->parts.at[parent], row->decoder, region))
            continue;
        if (add_part(layer, parent, row->decoder, region))
            return -1;
    }
    return 0;
}

static int add_parts_of(ss_layer *layer, uint32_t parent)
{
    const ss_decoder_row *rows = ss_decoder_rows();
    ss_bytes text = text_of(layer, parent);

    if (ss_sights_take(&layer->sights, text, 0, text.len))
        return -1;
    for (size_t i = 0; i < SS_N_DECODERS; i++) {
        if (add_regions(layer, parent, &rows[i]))
            return -1;
    }
    return 0;
}

int ss_layer_fill(ss_layer *layer, ss_bytes unit, const ss_decoder *decoder,
                  ss_region region)
{
    size_t first = layer->parts.len;

    layer->unit = unit;
    if (add_part(layer, SS_LAYER_UNIT, decoder, region))
        return -1;
    for (size_t i = first; i < layer->parts.len && !layer->is_full; i++) {
        if (!layer->parts.at[i].is_container &&
            add_parts_of(layer, (uint32_t)i))
            return -1;
    }
    return 0;
}

void ss_layer_reset(ss_layer *layer)
{
    ss_buf_reset(&layer->bytes);
    layer->bytes.failed = 0;
    layer->parts.len = 0;
    layer->is_full = 0;
}

void ss_layer_release(ss_layer *layer)
{
    ss_buf_release(&layer->bytes);
    SS_VEC_RELEASE(&layer->parts);
    ss_sights_release(&layer->sights);
}

/* ---- places ---- */

static ss_bytes encoded_of(const ss_layer *layer, const ss_layer_part *p)
{
    return ss_bytes_of(text_of(layer, p->parent).data + p->region.from,
                       p->region.to - p->region.from);
}

/* A byte of base64 ends inside of the character that the next begins in. */
static size_t end_of(const ss_layer_part *p, ss_bytes encoded, size_t at)
{
    size_t end = p->decoder->locate(encoded, at);

    if (p->decoder->encoding == SS_ENCODING_BASE64 && at % 3 &&
        at < p->body_len)
        end++;
    return end;
}

/* Of a place in the part's text, where it stands in the parent's. */
static size_t in_parent(const ss_layer *layer, const ss_layer_part *p,
                        size_t at, int is_end)
{
    size_t body_to = p->left + p->body_len;
    ss_bytes encoded;

    if (at < p->left || (is_end && at == p->left))
        return p->region.from - p->left + at;
    if (at > body_to || (!is_end && at == body_to))
        return p->region.to + (at - body_to);
    encoded = encoded_of(layer, p);
    return p->region.from + (is_end
                                 ? end_of(p, encoded, at - p->left)
                                 : p->decoder->locate(encoded, at - p->left));
}

static ss_region place_in_parent(const ss_layer *layer, const ss_layer_part *p,
                                 ss_region at)
{
    return (ss_region){in_parent(layer, p, at.from, 0),
                       in_parent(layer, p, at.to, 1)};
}

ss_region ss_layer_place(const ss_layer *layer, const ss_layer_part *p,
                         ss_region at)
{
    for (;;) {
        at = place_in_parent(layer, p, at);
        if (p->parent == SS_LAYER_UNIT)
            return at;
        p = &layer->parts.at[p->parent];
    }
}

int ss_layer_is_new(const ss_layer *layer, const ss_layer_part *p, ss_region at)
{
    ss_region was;

    if (at.to < p->left || at.from > p->left + p->body_len)
        return 0;
    was = place_in_parent(layer, p, at);
    return was.to - was.from != at.to - at.from;
}

ss_encodings ss_layer_encodings(const ss_layer *layer, const ss_layer_part *p)
{
    ss_encodings all = {.n = (uint8_t)p->depth};

    ss_assert(p->depth <= SS_MAX_ENCODINGS);
    for (size_t i = p->depth; i-- > 0; p = &layer->parts.at[p->parent])
        all.at[i] = (uint8_t)p->decoder->encoding;
    return all;
}

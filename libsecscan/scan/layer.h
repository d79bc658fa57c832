/*
 * layer.h: what the encoded texts of a unit decode to, encodings in encodings
 * included, and where in the unit each byte of it comes from.
 *
 * A part is one region of encoded text: it is decoded between the plain text to
 * its left and right, which names it (`password: ` in front of base64). Parts
 * of parts have regions that touch what was decoded. Knows nothing of rules.
 */
#ifndef SS_LAYER_H
#define SS_LAYER_H

#include "base/vec.h"
#include "scan/decode.h"
#include "scan/sight.h"

#define SS_LAYER_UNIT UINT32_MAX

typedef struct ss_layer_part {
    const ss_decoder *decoder;
    uint32_t parent;    /* SS_LAYER_UNIT: the unit */
    uint32_t depth;     /* 1: a region of the unit */
    ss_region region;   /* in the parent's text */
    size_t left, right; /* bytes around the region that stand here, too */
    size_t at, len;     /* its text, in the layer's bytes */
    size_t body_len;    /* of that, decoded; it begins at `left` */
    int is_container;   /* the body is: nothing more of it is looked at */
} ss_layer_part;

typedef struct ss_layer {
    ss_bytes unit;
    ss_buf bytes; /* the parts' texts, SS_LAYER_GAP between them */
    SS_VEC(ss_layer_part) parts;
    ss_sights sights; /* of the text at hand */
    uint32_t max_depth;
    int (*is_container)(ss_bytes bytes); /* NULL: nothing is */
    int is_cut;                          /* a region lay deeper */
    int is_full;                         /* one did not fit in `bytes` */
} ss_layer;

#define SS_LAYER_GAP "\n\0\n"

/* A region of the unit becomes the first part, and all that is encoded in it
 * the others. 0, or -1 when out of memory. */
int ss_layer_fill(ss_layer *layer, ss_bytes unit, const ss_decoder *decoder,
                  ss_region region);
/* Forget the parts, wipe the bytes. */
void ss_layer_reset(ss_layer *layer);
void ss_layer_release(ss_layer *layer);

static inline ss_bytes ss_layer_text(const ss_layer *layer,
                                     const ss_layer_part *part)
{
    return (ss_bytes){layer->bytes.data + part->at, part->len};
}

/* Where [from, to) of a part's text stands in the unit. */
ss_region ss_layer_place(const ss_layer *layer, const ss_layer_part *part,
                         ss_region at);
/* Is [from, to) other text than what stands in the parent? */
int ss_layer_is_new(const ss_layer *layer, const ss_layer_part *part,
                    ss_region at);
/* Its encodings, outermost first. */
ss_encodings ss_layer_encodings(const ss_layer *layer,
                                const ss_layer_part *part);

/* How far a region's line is taken along. */
#define SS_LAYER_LEFT 512u
#define SS_LAYER_RIGHT 256u

#endif

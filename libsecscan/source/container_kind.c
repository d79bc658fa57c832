/*
 * container_kind.c: what begins a container. One row a kind: fixed bytes at a
 * fixed place, and a test where those are few. Compiled into libsecscan, which
 * asks, and into libsecscan-containers, which asks what a stream holds.
 */
#include "base/encoding.h"
#include "source/container.h"
#include "source/container_mark.h"

#define ZIP_END 22u /* the end record of a zip file, without its comment */

typedef struct row {
    ss_container_kind kind;
    uint32_t at, len; /* of the mark */
    const char *mark;
    int (*fits)(ss_bytes head); /* NULL: the mark is enough */
} row;

#define MARK(at, bytes) at, sizeof(bytes) - 1, bytes
#define ARCHIVE(name)                                                          \
    {                                                                          \
        name, SS_OPENS_ARCHIVE, -1, 0, 0                                       \
    }
#define WHOLE(name, opens)                                                     \
    {                                                                          \
        name, opens, -1, 1, 0                                                  \
    }
#define STREAM(name, encoding)                                                 \
    {                                                                          \
        name, SS_OPENS_STREAM, encoding, 0, 0                                  \
    }

/* The first N_ANY begin with any byte. */
#define N_ANY 2
static const row rows[] = {
    {ARCHIVE("tar"), MARK(0, ""), ss_mark_tar},
    {WHOLE("iso9660", SS_OPENS_ARCHIVE), MARK(32769, "CD001"), NULL},
    {WHOLE("zip", SS_OPENS_ARCHIVE), MARK(0, "PK\3\4"), NULL},
    {WHOLE("zip", SS_OPENS_ARCHIVE), MARK(0, "PK\7\10PK\3\4"), NULL},
    {WHOLE("zip", SS_OPENS_ARCHIVE), MARK(0, "PK00PK\3\4"), NULL},
    {WHOLE("zip", SS_OPENS_ARCHIVE), MARK(0, "PK\5\6\0\0\0\0"), NULL},
    {STREAM("gzip", SS_ENCODING_GZIP), MARK(0, "\x1f\x8b\x08"), ss_mark_gzip},
    {STREAM("zlib", SS_ENCODING_ZLIB), MARK(0, "x"), ss_mark_zlib},
    {STREAM("bzip2", SS_ENCODING_BZIP2), MARK(0, "BZh"), ss_mark_bzip2},
    {STREAM("xz", SS_ENCODING_XZ), MARK(0, "\xfd\x37zXZ\0"), NULL},
    {STREAM("zstd", SS_ENCODING_ZSTD), MARK(0, "\x28\xb5\x2f\xfd"), NULL},
    {STREAM("lz4", SS_ENCODING_LZ4), MARK(0, "\x04\x22\x4d\x18"), NULL},
    {STREAM("lz4", SS_ENCODING_LZ4), MARK(0, "\x02\x21\x4c\x18"), NULL},
    {STREAM("lzma", SS_ENCODING_LZMA), MARK(0, "\x5d\0\0"), ss_mark_lzma},
    {STREAM("lzip", SS_ENCODING_LZIP), MARK(0, "LZIP\1"), ss_mark_lzip},
    {STREAM("compress", SS_ENCODING_COMPRESS), MARK(0, "\x1f\x9d"),
     ss_mark_compress},
    {WHOLE("7z", SS_OPENS_ARCHIVE), MARK(0, "7z\xbc\xaf\x27\x1c"), NULL},
    {ARCHIVE("cpio"), MARK(0, "070701"), ss_mark_cpio_hex},
    {ARCHIVE("cpio"), MARK(0, "070702"), ss_mark_cpio_hex},
    {ARCHIVE("cpio"), MARK(0, "070707"), ss_mark_cpio_octal},
    {ARCHIVE("cpio"), MARK(0, "\x71\xc7"), ss_mark_cpio_binary},
    {ARCHIVE("cpio"), MARK(0, "\xc7\x71"), ss_mark_cpio_binary},
    {ARCHIVE("ar"), MARK(0, "!<arch>\n"), ss_mark_ar},
    {ARCHIVE("rpm"), MARK(0, "\xed\xab\xee\xdb"), NULL},
    {ARCHIVE("rar"), MARK(0, "Rar!\x1a\7\0"), NULL},
    {ARCHIVE("rar5"), MARK(0, "Rar!\x1a\7\1\0"), NULL},
    {ARCHIVE("xar"), MARK(0, "xar!\0\x1c"), NULL},
    {ARCHIVE("cab"), MARK(0, "MSCF\0\0\0\0"), NULL},
    {ARCHIVE("lha"), MARK(2, "-l"), ss_mark_lha},
    {WHOLE("sqlite", SS_OPENS_SQLITE), MARK(0, "SQLite format 3\0"), NULL},
    {WHOLE("pdf", SS_OPENS_PDF), MARK(0, "%PDF-"), NULL},
    {WHOLE("java keystore", SS_OPENS_KEYSTORE),
     MARK(0, "\xfe\xed\xfe\xed\0\0\0"), NULL},
    {WHOLE("java keystore", SS_OPENS_KEYSTORE),
     MARK(0, "\xce\xce\xce\xce\0\0\0"), NULL},
    {WHOLE("pkcs12", SS_OPENS_KEYSTORE), MARK(0, "\x30"), ss_mark_pkcs12},
    {{"notebook", SS_OPENS_NOTEBOOK, -1, 1, 1}, MARK(0, ""), ss_mark_notebook},
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

/* Bytes that begin a row behind the first N_ANY; of many a text only the last
 * row, the notebook's. lha begins with a length: see its third byte. */
#define MARKED 1
#define BLANK 2
static const uint8_t begins[256] = {
    ['P'] = MARKED,  [0x1f] = MARKED, ['x'] = MARKED, ['B'] = MARKED,
    [0xfd] = MARKED, [0x28] = MARKED, [4] = MARKED,   [2] = MARKED,
    [0x5d] = MARKED, ['L'] = MARKED,  ['7'] = MARKED, ['0'] = MARKED,
    [0x71] = MARKED, [0xc7] = MARKED, ['!'] = MARKED, [0xed] = MARKED,
    ['R'] = MARKED,  ['M'] = MARKED,  ['S'] = MARKED, ['%'] = MARKED,
    [0xfe] = MARKED, [0xce] = MARKED, ['{'] = BLANK,  [' '] = BLANK,
    ['\n'] = BLANK,  ['\r'] = BLANK,  ['\t'] = BLANK, [0xef] = BLANK,
};

static int fits(const row *r, ss_bytes head)
{
    if (head.len <= r->at ||
        (r->len && head.data[r->at] != (uint8_t)r->mark[0]))
        return 0; /* nearly always, and without a call */
    return head.len - r->at >= r->len &&
           memcmp(head.data + r->at, r->mark, r->len) == 0 &&
           (!r->fits || r->fits(head));
}

static const ss_container_kind *find(size_t from, size_t to, ss_bytes head)
{
    for (; from < to; from++)
        if (fits(&rows[from], head))
            return &rows[from].kind;
    return NULL;
}

const ss_container_kind *ss_container_detect(ss_bytes head)
{
    const ss_container_kind *kind = NULL;

    if (head.len < 5)
        return NULL;
    if (begins[head.data[0]] == BLANK)
        kind = find(N_ROWS - 1, N_ROWS, head);
    else if (begins[head.data[0]] || memcmp(head.data + 2, "-l", 2) == 0)
        kind = find(N_ANY, N_ROWS, head);
    return kind ? kind : find(0, N_ANY, head);
}

static int is_zip_end(ss_bytes end)
{
    const uint8_t *at = end.data;

    return memcmp(at, "PK\5\6\0\0\0\0", 8) == 0 &&
           memcmp(at + 8, at + 10, 2) == 0 && (at[8] | at[9]) != 0 &&
           (size_t)at[20] + ((size_t)at[21] << 8) == end.len - ZIP_END;
}

const ss_container_kind *ss_container_detect_tail(ss_bytes tail)
{
    /* Text has no byte 5: looking for it is all that most files take. */
    while (tail.len >= ZIP_END) {
        const uint8_t *five =
            memchr(tail.data + 2, 5, tail.len - (ZIP_END - 1));

        if (!five)
            return NULL;
        tail.len -= (size_t)(five - 2 - tail.data);
        tail.data = five - 2;
        if (is_zip_end(tail))
            return &rows[N_ANY].kind;
        tail.data++;
        tail.len--;
    }
    return NULL;
}

int ss_container_is_before_text(const ss_container_kind *kind, ss_bytes end)
{
    if ((kind->opens != SS_OPENS_ARCHIVE && kind->opens != SS_OPENS_STREAM) ||
        end.len < SS_CONTAINER_END)
        return 0;
    for (size_t i = end.len - SS_CONTAINER_END; i < end.len; i++) {
        if (!ss_is_ascii_text(end.data[i]))
            return 0;
    }
    return 1;
}

const ss_container_kind *ss_container_kind_at(size_t i)
{
    return i < N_ROWS ? &rows[i].kind : NULL;
}

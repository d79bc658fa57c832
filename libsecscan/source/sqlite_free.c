/*
 * sqlite_free.c: pages that belong to nothing, and the room between the cells
 * of the others.
 *
 * SQLite does not wipe what it deletes. The file format is public and for ever
 * (https://www.sqlite.org/fileformat2.html); nothing in it is believed: every
 * offset is held against its page, every page against the file.
 */
#include "source/sqlite_free.h"

#include "base/alloc.h"
#include "source/input_at.h"

#include <strings.h>

static uint32_t read16(const uint8_t *p)
{
    return (uint32_t)p[0] << 8 | p[1];
}

static uint32_t read32(const uint8_t *p)
{
    return read16(p) << 16 | read16(p + 2);
}

/* 0: it is no page size. */
static uint32_t page_size_of(const uint8_t *head)
{
    uint32_t size = read16(head + 16);

    if (size == 1)
        return 65536;
    return size < 512 || size & (size - 1) ? 0 : size;
}

static int load(ss_sqlite_free *f, uint32_t page)
{
    ptrdiff_t n = ss_input_at(&f->input, f->content, f->page_size,
                              (uint64_t)(page - 1) * f->page_size);

    return n == (ptrdiff_t)f->page_size ? 0 : -1;
}

static int is_page(const ss_sqlite_free *f, uint32_t page)
{
    return page && page <= f->n_pages;
}

static int is_free(const ss_sqlite_free *f, uint32_t page)
{
    return f->free[page / 8] >> page % 8 & 1;
}

static void set_free(ss_sqlite_free *f, uint32_t page)
{
    f->free[page / 8] |= (uint8_t)(1u << page % 8);
}

/* A trunk names the next trunk, the number of its leaves, and them. */
static void mark_free(ss_sqlite_free *f, uint32_t trunk)
{
    while (is_page(f, trunk) && !is_free(f, trunk) && !load(f, trunk)) {
        uint32_t n = read32(f->content + 4);

        set_free(f, trunk);
        for (uint32_t i = 0; i < n && i < f->usable / 4 - 2; i++) {
            uint32_t leaf = read32(f->content + 8 + (size_t)i * 4);

            if (is_page(f, leaf))
                set_free(f, leaf);
        }
        trunk = read32(f->content);
    }
}

int ss_sqlite_free_init(ss_sqlite_free *f, const ss_input *input)
{
    uint8_t head[100];
    uint64_t n;

    *f = (ss_sqlite_free){.input = *input};
    if (ss_input_at(input, head, sizeof(head), 0) != sizeof(head))
        return 0;
    f->page_size = page_size_of(head);
    if (!f->page_size || head[20] > f->page_size - 480)
        return 0;
    f->usable = f->page_size - head[20];
    n = ss_input_size(input) / f->page_size;
    f->n_pages = n > UINT32_MAX - 8 ? UINT32_MAX - 8 : (uint32_t)n;
    f->free = ss_calloc(f->n_pages / 8 + 1, 1);
    f->content = ss_alloc(f->page_size);
    if (!f->free || !f->content)
        return -1;
    mark_free(f, read32(head + 32));
    f->page = 1;
    return 0;
}

/* Without the zeros around it; nothing at all when there is nothing else. */
static int add_piece(ss_buf *out, const uint8_t *data, size_t len)
{
    while (len && !data[0])
        data++, len--;
    while (len && !data[len - 1])
        len--;
    if (!len)
        return 0;
    return ss_buf_add(out, data, len) || ss_buf_putc(out, '\n') ? -1 : 0;
}

/* Each names the next and its own size in its first four bytes. Their offsets
 * rise. */
static int add_free_blocks(const ss_sqlite_free *f, ss_buf *out, uint32_t at)
{
    while (at && at <= f->usable - 4) {
        uint32_t following = read16(f->content + at);
        uint32_t len = read16(f->content + at + 2);

        if (len < 4 || len > f->usable - at)
            break;
        if (add_piece(out, f->content + at + 4, len - 4))
            return -1;
        if (following <= at)
            break;
        at = following;
    }
    return 0;
}

static int add_gaps(const ss_sqlite_free *f, ss_buf *out, uint32_t start)
{
    const uint8_t *head = f->content + start;
    int is_leaf = head[0] == 13 || head[0] == 10;
    uint32_t cells = start + (is_leaf ? 8 : 12) + 2 * read16(head + 3);
    uint32_t content = read16(head + 5);

    if (!is_leaf && head[0] != 5 && head[0] != 2)
        return 0;
    if (!content)
        content = 65536;
    if (cells < content && content <= f->usable &&
        add_piece(out, f->content + cells, content - cells))
        return -1;
    return add_free_blocks(f, out, read16(head + 1));
}

int64_t ss_sqlite_free_next(ss_sqlite_free *f, ss_buf *out)
{
    while (is_page(f, f->page)) {
        uint32_t page = f->page++;
        size_t len = out->len;
        int rc;

        if (load(f, page))
            continue;
        rc = is_free(f, page) ? add_piece(out, f->content, f->usable)
                              : add_gaps(f, out, page == 1 ? 100 : 0);
        if (rc)
            return -1;
        if (out->len > len)
            return page;
    }
    return 0;
}

void ss_sqlite_free_release(ss_sqlite_free *f)
{
    ss_free(f->free);
    ss_free_wiped(f->content, f->page_size);
    f->free = f->content = NULL;
}

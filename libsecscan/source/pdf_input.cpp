/*
 * pdf_input.cpp: positions, as qpdf counts them.
 */
#include "source/pdf_input.h"

extern "C" {
#include "source/input_at.h"
}

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <stdexcept>

static const size_t block_size = 64u << 10;
static const size_t small = 128; /* what InputSource::loadBuffer asks for */

ss_pdf_input::ss_pdf_input(const ss_input &from, int (*should_stop)(void *ctx),
                           void *ctx)
    : input(from), asked(should_stop), asked_ctx(ctx),
      size(ss_input_size(&from))
{
}

void ss_pdf_input::ask_stop() const
{
    if (asked && asked(asked_ctx))
        throw ss_pdf_stop{"time-limit", ""};
}

std::string const &ss_pdf_input::getName() const
{
    return name;
}

qpdf_offset_t ss_pdf_input::tell()
{
    return static_cast<qpdf_offset_t>(at);
}

void ss_pdf_input::seek(qpdf_offset_t offset, int whence)
{
    qpdf_offset_t from = whence == SEEK_CUR   ? tell()
                         : whence == SEEK_END ? static_cast<qpdf_offset_t>(size)
                                              : 0;

    if (offset < 0 ? from < -offset : offset > INT64_MAX - from)
        throw std::runtime_error("no such place");
    at = static_cast<uint64_t>(from + offset);
}

void ss_pdf_input::rewind()
{
    at = 0;
}

void ss_pdf_input::unreadCh(char)
{
    at -= at ? 1 : 0;
}

void ss_pdf_input::load(uint64_t offset)
{
    ptrdiff_t n;

    block.resize(block_size);
    block_at = offset;
    n = ss_input_at(&input, block.data(), block_size, offset);
    block.resize(n < 0 ? 0 : static_cast<size_t>(n));
    if (n < 0)
        throw std::runtime_error("cannot be read");
}

size_t ss_pdf_input::read_at(char *to, size_t length, uint64_t offset)
{
    size_t done = 0;

    if (input.memory.data)
        return static_cast<size_t>(ss_input_at(&input, to, length, offset));
    while (done < length && offset + done < size) {
        uint64_t from = offset + done;

        if (from < block_at || from >= block_at + block.size())
            load(from);
        size_t skip = static_cast<size_t>(from - block_at);
        if (skip >= block.size())
            break;
        size_t n = std::min(length - done, block.size() - skip);
        std::memcpy(to + done, block.data() + skip, n);
        done += n;
    }
    return done;
}

size_t ss_pdf_input::read(char *to, size_t length)
{
    size_t n;

    if (++n_reads % 256 == 0)
        ask_stop();
    if (length <= small) {
        if (n_small < length)
            throw ss_pdf_stop{"unsupported",
                              "its objects are too large to hold"};
        n_small -= length;
    }
    last_offset = tell();
    n = read_at(to, length, at);
    at += n;
    return n;
}

static bool is_eol(char c)
{
    return c == '\r' || c == '\n';
}

/* Behind the next line's end, where there is one; qpdf wants the place of the
 * end itself. */
qpdf_offset_t ss_pdf_input::findAndSkipNextEOL()
{
    uint64_t found = size;
    char part[256];
    size_t n;

    while (found == size) {
        n = read(part, sizeof(part));
        if (!n)
            break;
        char *end = std::find_if(part, part + n, is_eol);
        if (end < part + n)
            found = at - n + static_cast<size_t>(end - part);
    }
    at = found;
    while (read(part, 1) == 1)
        if (!is_eol(part[0])) {
            at--;
            break;
        }
    return static_cast<qpdf_offset_t>(found);
}

/*
 * pdf_lzw.cpp: qpdf has this decoder too, but not for others to use.
 */
#include "source/pdf_lzw.h"

#include <stdexcept>

ss_pdf_lzw::ss_pdf_lzw(Pipeline *to, bool grows_early)
    : Pipeline("lzw", to), early(grows_early ? 1 : 0)
{
    for (unsigned i = 0; i < 258; i++) {
        before[i] = static_cast<uint16_t>(i);
        last[i] = static_cast<uint8_t>(i);
        len_of[i] = 1;
    }
}

void ss_pdf_lzw::write(unsigned char const *data, size_t len)
{
    for (size_t i = 0; i < len && !is_over; i++) {
        bits = bits << 8 | data[i];
        n_bits += 8;
        if (n_bits < width)
            continue;
        n_bits -= width;
        take(bits >> n_bits & ((1u << width) - 1));
    }
}

void ss_pdf_lzw::take(unsigned code)
{
    if (code == end) {
        is_over = true;
    } else if (code == clear) {
        n_entries = 258;
        width = 9;
        previous = none;
    } else {
        if (code > n_entries || (code == n_entries && previous == none))
            throw std::runtime_error("no such LZW code");
        if (previous != none && n_entries < 4096)
            add(code);
        else if (code >= n_entries)
            throw std::runtime_error("no such LZW code");
        emit(code);
        previous = code;
    }
}

/* The entry before, and the first byte of this one, which may be that itself.
 */
void ss_pdf_lzw::add(unsigned code)
{
    unsigned first = code == n_entries ? previous : code;

    while (first > end)
        first = before[first];
    before[n_entries] = static_cast<uint16_t>(previous);
    last[n_entries] = static_cast<uint8_t>(first);
    len_of[n_entries] = static_cast<uint16_t>(len_of[previous] + 1);
    n_entries++;
    if (n_entries + early >= 1u << width && width < 12)
        width++;
}

void ss_pdf_lzw::emit(unsigned code)
{
    size_t len = len_of[code];

    if (n_text + len > sizeof(text))
        flush();
    for (size_t i = len; i > 0; i--) {
        text[n_text + i - 1] = last[code];
        code = before[code];
    }
    n_text += len;
}

void ss_pdf_lzw::flush()
{
    size_t n = n_text;

    n_text = 0;
    getNext()->write(text, n);
}

void ss_pdf_lzw::finish()
{
    flush();
    getNext()->finish();
}

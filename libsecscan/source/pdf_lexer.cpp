/*
 * pdf_lexer.cpp: ISO 32000-1, 7.2 to 7.3, one byte after the other, since a
 * stream may be of any size. What makes no sense is passed over.
 */
#include "source/pdf_lexer.h"

#include <cstring>

/* More of a string or a word is not kept. */
static const size_t max_value = 1u << 20;

static bool is_space(unsigned char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || !c;
}

static bool is_delimiter(unsigned char c)
{
    return c && std::strchr("()<>[]{}/%", c) != nullptr;
}

static int hex_digit(unsigned char c)
{
    const char *digits = "0123456789abcdef";
    const char *found = c ? std::strchr(digits, c | 0x20) : nullptr;

    if (c >= '0' && c <= '9')
        return c - '0';
    return found && (c | 0x20) >= 'a' ? static_cast<int>(found - digits) : -1;
}

void ss_pdf_lexer::write(unsigned char const *data, size_t len)
{
    source.ask_stop();
    for (size_t i = 0; i < len; i++)
        while (!take(data[i]))
            ;
}

void ss_pdf_lexer::finish()
{
    take('\n');
    if (at == state::top)
        take('\n');
}

bool ss_pdf_lexer::take(unsigned char c)
{
    switch (at) {
    case state::top:
        return take_top(c);
    case state::word:
    case state::name:
        return take_word(c);
    case state::string:
        return take_string(c);
    case state::escape:
        return take_escape(c);
    case state::octal:
        return take_octal(c);
    case state::hex:
        return take_hex(c);
    case state::image:
        return take_image(c);
    case state::comment:
        if (c == '\n' || c == '\r')
            at = state::top;
        return true;
    }
    return true;
}

bool ss_pdf_lexer::take_top(unsigned char c)
{
    kept.clear();
    if (c == '(') {
        at = state::string;
        depth = 1;
    } else if (c == '<') {
        at = state::hex;
        n_digits = 0;
    } else if (c == '/') {
        at = state::name;
    } else if (c == '%') {
        at = state::comment;
    } else if (c == '[' || c == ']') {
        on_array(c == '[');
    } else if (!is_space(c) && !is_delimiter(c)) {
        at = state::word;
        return false;
    }
    return true;
}

bool ss_pdf_lexer::take_word(unsigned char c)
{
    if (!is_space(c) && !is_delimiter(c)) {
        add(c);
        return true;
    }
    end_word();
    return false;
}

void ss_pdf_lexer::end_word()
{
    bool is_name = at == state::name;

    at = state::top;
    if (is_name) {
        on_name(kept);
    } else if (kept == "ID") {
        at = state::image;
        tail = 0;
    } else {
        on_word(kept);
    }
}

void ss_pdf_lexer::end_string()
{
    at = state::top;
    on_string(kept);
}

void ss_pdf_lexer::add(unsigned char c)
{
    if (kept.size() < max_value)
        kept.push_back(static_cast<char>(c));
}

bool ss_pdf_lexer::take_string(unsigned char c)
{
    if (c == '\\') {
        at = state::escape;
        return true;
    }
    if (c == '(')
        depth++;
    if (c == ')' && --depth == 0)
        end_string();
    else
        add(c);
    return true;
}

bool ss_pdf_lexer::take_escape(unsigned char c)
{
    const char *letters = "nrtbf";
    const char *found = c ? std::strchr(letters, c) : nullptr;

    at = state::string;
    if (c >= '0' && c <= '7') {
        at = state::octal;
        n_digits = 0;
        octet = 0;
        return false;
    }
    if (found)
        add(static_cast<unsigned char>("\n\r\t\b\f"[found - letters]));
    else if (c != '\n' && c != '\r')
        add(c);
    return true;
}

bool ss_pdf_lexer::take_octal(unsigned char c)
{
    if (c >= '0' && c <= '7' && n_digits < 3) {
        octet = octet * 8 + (c - '0');
        n_digits++;
        return true;
    }
    add(static_cast<unsigned char>(octet));
    at = state::string;
    return false;
}

/* "<<" starts a dictionary, which is nothing here. */
bool ss_pdf_lexer::take_hex(unsigned char c)
{
    int digit = hex_digit(c);

    if (c == '<') {
        at = state::top;
    } else if (c == '>') {
        if (n_digits % 2)
            add(static_cast<unsigned char>(octet << 4));
        end_string();
    } else if (digit >= 0) {
        octet = (octet << 4 | static_cast<unsigned>(digit)) & 0xff;
        if (++n_digits % 2 == 0)
            add(static_cast<unsigned char>(octet));
        else
            octet = static_cast<unsigned>(digit);
    }
    return true;
}

/* Until "EI" between white space. */
bool ss_pdf_lexer::take_image(unsigned char c)
{
    tail = tail << 8 | c;
    if (is_space(c) && (tail >> 8 & 0xffff) == ('E' << 8 | 'I') &&
        is_space(static_cast<unsigned char>(tail >> 24)))
        at = state::top;
    return true;
}

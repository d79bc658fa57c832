/*
 * pdf_text.cpp: put the pieces of text together, as they are drawn.
 *
 * A word is often drawn in pieces, to move them by hundredths of its size: a
 * large step is a space, another line or column ends the text before it.
 * Nothing else of the layout is known here.
 */
#include "source/pdf_text.h"

#include <cstdlib>

/* Thousandths of the font's size between two pieces: more than this is a space,
 * which is 250 wide in most fonts. */
static const double space = 200;

void ss_pdf_text::on_array(bool is_start)
{
    in_array = is_start;
    if (is_start)
        shown.clear();
}

void ss_pdf_text::on_name(const std::string &value)
{
    name = value;
}

void ss_pdf_text::on_string(const std::string &value)
{
    if (!in_array)
        shown.clear();
    show(value);
}

void ss_pdf_text::show(const std::string &codes)
{
    size_t len = font ? font->code_len : 0;

    if (!len) {
        shown += codes;
        return;
    }
    for (size_t i = 0; i + len <= codes.size(); i += len) {
        uint32_t code = 0;

        for (size_t j = 0; j < len; j++)
            code = code << 8 | static_cast<unsigned char>(codes[i + j]);
        auto found = font->text.find(code);
        if (found != font->text.end())
            shown += found->second;
    }
}

void ss_pdf_text::show_all()
{
    if (is_beside && is_font)
        part(' ');
    is_beside = is_font = false;
    if (out.size() + shown.size() <= ss_pdf_max_text)
        out += shown;
    shown.clear();
}

void ss_pdf_text::part(char with)
{
    if (!out.empty() && out.back() == ' ')
        out.back() = with;
    else if (!out.empty() && out.back() != '\n' && out.size() < ss_pdf_max_text)
        out.push_back(with);
}

void ss_pdf_text::step(double downwards)
{
    if (downwards < 0 || downwards > 0)
        part('\n');
    else
        is_beside = true;
}

void ss_pdf_text::on_number(double number)
{
    last = number;
    if (in_array && number < -space)
        shown += ' ';
}

void ss_pdf_text::on_word(const std::string &value)
{
    char c = value[0];

    if ((c >= '0' && c <= '9') || c == '-' || c == '.' || c == '+') {
        on_number(std::strtod(value.c_str(), nullptr));
    } else if (value == "Tj" || value == "TJ") {
        show_all();
    } else if (value == "'" || value == "\"") {
        part('\n');
        show_all();
    } else if (value == "Td" || value == "TD") {
        step(last);
    } else if (value == "T*" || value == "Tm" || value == "ET") {
        part('\n');
    } else if (value == "Tf") {
        auto found = fonts.find(name);

        is_font = true;
        font = found == fonts.end() ? nullptr : found->second.get();
    }
}

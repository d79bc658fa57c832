/*
 * pdf_text.h: the text that a content stream shows.
 */
#ifndef SS_PDF_TEXT_H
#define SS_PDF_TEXT_H

#include "source/pdf_font.h"
#include "source/pdf_lexer.h"

/* More text of one page is not kept. */
static const size_t ss_pdf_max_text = 16u << 20;

class ss_pdf_text : public ss_pdf_lexer
{
  public:
    ss_pdf_text(const ss_pdf_input &from, std::string &to,
                const ss_pdf_fonts &of)
        : ss_pdf_lexer(from), out(to), fonts(of)
    {
    }

  protected:
    void on_string(const std::string &value) override;
    void on_word(const std::string &value) override;
    void on_name(const std::string &value) override;
    void on_array(bool is_start) override;

  private:
    void show(const std::string &codes);
    void show_all();
    void part(char with);
    void step(double downwards);
    void on_number(double number);

    std::string &out;
    const ss_pdf_fonts &fonts;
    const ss_pdf_font *font = nullptr;
    std::string shown; /* by the next operator */
    std::string name;
    double last = 0;
    bool in_array = false;
    bool is_beside = false, is_font = false; /* since the last text */
};

#endif

/*
 * pdf_lexer.h: the words of a content stream or a character map, as they come.
 */
#ifndef SS_PDF_LEXER_H
#define SS_PDF_LEXER_H

#include "source/pdf_filter.h"
#include "source/pdf_input.h"

#include <string>

class ss_pdf_lexer : public ss_pdf_taker
{
  public:
    explicit ss_pdf_lexer(const ss_pdf_input &from)
        : ss_pdf_taker("lexer"), source(from)
    {
    }
    void write(unsigned char const *data, size_t len) override;
    void finish() override; /* ends a word; more may follow */

  protected:
    virtual void on_string(const std::string &value) = 0;
    virtual void on_word(const std::string &value) = 0; /* numbers, too */
    virtual void on_name(const std::string &value) = 0; /* without its slash */
    virtual void on_array(bool is_start) = 0;

  private:
    enum class state {
        top,
        word,
        name,
        string,
        escape,
        octal,
        hex,
        comment,
        image
    };

    bool take(unsigned char c); /* false: once more, in another state */
    bool take_top(unsigned char c);
    bool take_word(unsigned char c);
    bool take_string(unsigned char c);
    bool take_escape(unsigned char c);
    bool take_octal(unsigned char c);
    bool take_hex(unsigned char c);
    bool take_image(unsigned char c);
    void end_word();
    void end_string();
    void add(unsigned char c);

    const ss_pdf_input &source;
    state at = state::top;
    std::string kept; /* of a word or a string */
    int depth = 0;    /* of brackets in a string */
    int n_digits = 0; /* of an octal or hexadecimal byte */
    unsigned octet = 0;
    unsigned tail = 0; /* the last bytes of an image */
};

#endif

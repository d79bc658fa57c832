/*
 * pdf_lzw.h: LZW as PDF has it: codes of 9 to 12 bits, the high bits first.
 */
#ifndef SS_PDF_LZW_H
#define SS_PDF_LZW_H

#include <qpdf/Pipeline.hh>

#include <cstdint>

class ss_pdf_lzw : public Pipeline
{
  public:
    ss_pdf_lzw(Pipeline *next, bool grows_early);
    void write(unsigned char const *data, size_t len) override;
    void finish() override;

  private:
    void take(unsigned code);
    void emit(unsigned code);
    void add(unsigned code);
    void flush();

    static const unsigned clear = 256, end = 257, none = 4096;
    uint16_t before[4096]; /* of an entry: the one that it continues ... */
    uint8_t last[4096];    /* ... by this byte */
    uint16_t len_of[4096];
    uint8_t text[32768]; /* not yet written */
    size_t n_text = 0;
    uint32_t bits = 0;
    unsigned n_bits = 0, width = 9, n_entries = 258, previous = none;
    unsigned early;
    bool is_over = false;
};

#endif

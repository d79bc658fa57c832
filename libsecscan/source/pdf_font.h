/*
 * pdf_font.h: which characters a font's codes stand for.
 */
#ifndef SS_PDF_FONT_H
#define SS_PDF_FONT_H

#include "source/pdf_input.h"

#include <qpdf/QPDFObjectHandle.hh>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

/* Of its /ToUnicode. Without one a font's codes are taken for characters. */
struct ss_pdf_font {
    size_t code_len = 0; /* bytes; 0: there is no map */
    std::unordered_map<uint32_t, std::string> text; /* UTF-8, of a code */
};

typedef std::map<std::string, std::shared_ptr<ss_pdf_font>> ss_pdf_fonts;

/* Of a page's or form's resources, by name. Those that have been read before
 * are in `known`. */
ss_pdf_fonts
ss_pdf_fonts_of(QPDFObjectHandle resources,
                std::map<QPDFObjGen, std::shared_ptr<ss_pdf_font>> &known,
                const ss_pdf_input &source);

#endif

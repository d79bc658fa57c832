/*
 * pdf_strings.h: the strings and names of an object as lines "Key = value".
 */
#ifndef SS_PDF_STRINGS_H
#define SS_PDF_STRINGS_H

#include <qpdf/QPDFObjectHandle.hh>

#include <string>

/* Of the object itself: what it refers to is another object. */
void ss_pdf_strings(std::string &out, QPDFObjectHandle object,
                    const std::string &key, int depth);

#endif

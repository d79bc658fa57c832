/*
 * pdf_document.h: a PDF that is being read: its members, one after the other.
 */
#ifndef SS_PDF_DOCUMENT_H
#define SS_PDF_DOCUMENT_H

extern "C" {
#include "source/open_container.h"
}

#include "source/pdf_font.h"
#include "source/pdf_input.h"

#include <qpdf/QPDF.hh>

#include <map>
#include <memory>
#include <string>
#include <vector>

/* Bytes of streams that qpdf has to hold, and of objects: both stay, the latter
 * at about ten times their size. */
static const uint64_t ss_pdf_max_held = 32u << 20;
static const uint64_t ss_pdf_max_objects = 128u << 20;

enum class ss_pdf_stage { objects, streams, pages, end };

struct ss_pdf_place {
    size_t offset;
    QPDFObjGen id;
};

struct ss_pdf_document : ss_container {
    std::shared_ptr<ss_pdf_input> source;
    uint64_t n_held = ss_pdf_max_held;
    QPDF pdf;
    ss_pdf_stage at = ss_pdf_stage::objects;
    bool is_damaged = false;
    std::vector<QPDFObjGen> ids, streams;
    size_t next_id = 0, next_stream = 0, next_page = 0;
    std::map<QPDFObjGen, std::string> files; /* names of embedded ones */
    std::map<QPDFObjGen, std::shared_ptr<ss_pdf_font>> fonts;

    /* The member at hand: text, or a window of a stream. */
    std::string name, place_name, text;
    std::vector<ss_pdf_place> places;
    QPDFObjectHandle stream;
    bool is_stream = false, is_whole = true, is_broken = false;
    uint64_t text_at = 0; /* of the window in the member */
    size_t used = 0;      /* read of the window */
};

/* Each may throw what qpdf does, and ss_pdf_stop. */
void ss_pdf_start(ss_pdf_document &d);
/* 1: *out is the next member; 0: ask again, unless `at` is the end. */
int ss_pdf_next(ss_pdf_document &d, ss_member *out);
/* The bytes of the stream that follow the window's. */
void ss_pdf_load(ss_pdf_document &d);

#endif

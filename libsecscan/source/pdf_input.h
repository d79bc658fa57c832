/*
 * pdf_input.h: an input, for qpdf to read.
 */
#ifndef SS_PDF_INPUT_H
#define SS_PDF_INPUT_H

#include <qpdf/InputSource.hh>

extern "C" {
#include "source/container.h"
}

#include <string>

/* Thrown through qpdf, which catches what is a std::exception. */
struct ss_pdf_stop {
    const char *reason, *detail;
};

class ss_pdf_input : public InputSource
{
  public:
    ss_pdf_input(const ss_input &input, int (*should_stop)(void *ctx),
                 void *ctx);
    qpdf_offset_t findAndSkipNextEOL() override;
    std::string const &getName() const override;
    qpdf_offset_t tell() override;
    void seek(qpdf_offset_t offset, int whence) override;
    void rewind() override;
    size_t read(char *to, size_t length) override;
    void unreadCh(char ch) override;

    void ask_stop() const; /* throws ss_pdf_stop */
    /* Bytes that may yet be read in small pieces, which is how objects are:
     * they all stay in memory. */
    uint64_t n_small = UINT64_MAX;

  private:
    size_t read_at(char *to, size_t length, uint64_t offset);
    void load(uint64_t offset);

    ss_input input;
    int (*asked)(void *ctx);
    void *asked_ctx;
    uint64_t at = 0, size;
    unsigned n_reads = 0;
    std::string name = "input";
    std::string block; /* of an input that is not in memory */
    uint64_t block_at = 0;
};

#endif

/*
 * pdf_filter.h: qpdf's decoders within a budget.
 *
 * qpdf holds some decoded streams whole: those with objects or places of
 * objects in them. A few kilobytes decode to gigabytes, so those decoders that
 * expand are replaced (for the process, as qpdf has it) by ones that count.
 * Without a budget on the thread they decode as qpdf's own do.
 */
#ifndef SS_PDF_FILTER_H
#define SS_PDF_FILTER_H

#include <qpdf/Pipeline.hh>

#include <cstdint>

/* The end of a pipeline that holds no more than it wants: into it nothing is
 * counted. */
class ss_pdf_taker : public Pipeline
{
  public:
    explicit ss_pdf_taker(const char *name) : Pipeline(name, nullptr)
    {
    }
};

/* While it lives, this thread's decoders take from *left, and fail at its end.
 */
class ss_pdf_budget
{
  public:
    explicit ss_pdf_budget(uint64_t *left);
    ~ss_pdf_budget();
    ss_pdf_budget(const ss_pdf_budget &) = delete;
    ss_pdf_budget &operator=(const ss_pdf_budget &) = delete;

  private:
    uint64_t *before;
};

void ss_pdf_filters_replace(); /* any number of times, on any thread */

#endif

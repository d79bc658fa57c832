/*
 * pdf.cpp: what is in a PDF: its objects' strings, its streams, its pages'
 * text.
 *
 * In: an input. Out: members: "objects", "object N" for each stream, decoded,
 * or an embedded file by its name, and "page N" for the text that a page shows,
 * since a page draws words in pieces. qpdf reads the file; its exceptions end
 * here. Streams are decoded again for every 64 MiB that are read of them:
 * qpdf pushes, members are pulled, and none is held whole.
 */
extern "C" {
#include "source/open_container.h"

#include "base/error.h"
}

#include "source/pdf_document.h"
#include "source/pdf_filter.h"

#include <qpdf/QPDFExc.hh>

#include <algorithm>
#include <cstring>
#include <new>

static int fail_corrupt(ss_container_fault *fault, const char *detail)
{
    *fault = {"corrupt", detail};
    return SECSCAN_ERR_CORRUPT;
}

static int fail_stopped(ss_pdf_document &d, ss_container_fault *fault,
                        const ss_pdf_stop &stop)
{
    d.at = ss_pdf_stage::end;
    *fault = {stop.reason, stop.detail};
    return SECSCAN_ERR_LIMIT;
}

static int next(ss_container *c, ss_member *out, ss_container_fault *fault)
{
    ss_pdf_document &d = *static_cast<ss_pdf_document *>(c);
    int rc = 0;

    while (!rc && d.at != ss_pdf_stage::end) {
        try {
            rc = ss_pdf_next(d, out);
        } catch (const ss_pdf_stop &stop) {
            return fail_stopped(d, fault, stop);
        } catch (const std::bad_alloc &) {
            d.at = ss_pdf_stage::end;
            return SECSCAN_ERR_NOMEM;
        } catch (const std::exception &) {
            d.is_damaged = true;
        }
    }
    if (rc || !d.is_damaged)
        return rc;
    return fail_corrupt(fault, "the document is damaged");
}

static ptrdiff_t read_member(ss_container *c, void *to, size_t len,
                             ss_container_fault *fault)
{
    ss_pdf_document &d = *static_cast<ss_pdf_document *>(c);

    try {
        ss_pdf_budget held(&d.n_held);

        while (d.used == d.text.size() && !d.is_whole)
            ss_pdf_load(d);
    } catch (const ss_pdf_stop &stop) {
        return fail_stopped(d, fault, stop);
    } catch (const std::bad_alloc &) {
        return SECSCAN_ERR_NOMEM;
    } catch (const std::exception &) {
        return fail_corrupt(fault, "the stream is damaged");
    }
    if (d.used == d.text.size() && d.is_broken)
        return fail_corrupt(fault, "the stream is damaged");
    len = std::min(len, d.text.size() - d.used);
    std::memcpy(to, d.text.data() + d.used, len);
    d.used += len;
    return static_cast<ptrdiff_t>(len);
}

static const char *name_at(ss_container *c, uint64_t offset)
{
    ss_pdf_document &d = *static_cast<ss_pdf_document *>(c);
    auto after = std::upper_bound(
        d.places.begin(), d.places.end(), offset,
        [](uint64_t at, const ss_pdf_place &p) { return at < p.offset; });

    if (after == d.places.begin())
        return nullptr;
    try {
        d.place_name = "object " + std::to_string((after - 1)->id.getObj());
    } catch (const std::bad_alloc &) {
        return nullptr;
    }
    return d.place_name.c_str();
}

static void close_document(ss_container *c)
{
    delete static_cast<ss_pdf_document *>(c);
}

static int start(ss_pdf_document &d, ss_container_fault *fault)
{
    try {
        ss_pdf_start(d);
    } catch (const QPDFExc &e) {
        if (e.getErrorCode() != qpdf_e_password)
            return fail_corrupt(fault, "the document cannot be read");
        *fault = {"encrypted", "it asks for a password"};
        return SECSCAN_ERR_CORRUPT;
    } catch (const std::bad_alloc &) {
        throw;
    } catch (const std::exception &) {
        return fail_corrupt(fault, "the document cannot be read");
    }
    return 0;
}

static int open_document(ss_container **out, const ss_container_kind *kind,
                         const ss_input *input, int (*should_stop)(void *ctx),
                         void *ctx, ss_container_fault *fault)
{
    std::unique_ptr<ss_pdf_document> d;
    int rc;

    (void)kind;
    try {
        ss_pdf_filters_replace();
        d = std::make_unique<ss_pdf_document>();
        d->ops = &ss_pdf_ops;
        d->source = std::make_shared<ss_pdf_input>(*input, should_stop, ctx);
        rc = start(*d, fault);
    } catch (const ss_pdf_stop &stop) {
        *fault = {stop.reason, stop.detail};
        return SECSCAN_ERR_LIMIT;
    } catch (const std::exception &) {
        return SECSCAN_ERR_NOMEM; /* nothing else is left to be thrown */
    }
    if (!rc)
        *out = d.release();
    return rc;
}

extern "C" const ss_opens_ops ss_pdf_ops = {open_document, next, read_member,
                                            name_at, close_document};

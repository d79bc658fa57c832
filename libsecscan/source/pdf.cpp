/*
 * pdf.cpp: what is in a PDF: its objects' strings, its streams, its pages'
 * text.
 *
 * In: an input. Out: members: "objects", "object N" for each stream, decoded,
 * or an embedded file by its name, and "page N" for the text that a page shows,
 * since a page draws words in pieces. qpdf reads the file; its exceptions end
 * here. Streams are decoded again for every 32 MiB that are read of them:
 * qpdf pushes, members are pulled, and none is held whole.
 */
extern "C" {
#include "source/open_container.h"

#include "base/error.h"
}

#include "source/pdf_filter.h"
#include "source/pdf_input.h"
#include "source/pdf_strings.h"
#include "source/pdf_text.h"

#include <qpdf/QPDF.hh>
#include <qpdf/QPDFExc.hh>
#include <qpdf/QPDFPageObjectHelper.hh>

#include <algorithm>
#include <cstring>
#include <new>
#include <vector>

/* Held of a stream. */
static const size_t window = 32u << 20;
static const size_t batch = 256u << 10;
/* Bytes of streams that qpdf has to hold, and of objects: both stay, the latter
 * at about ten times their size. */
static const uint64_t max_held = 32u << 20;
static const uint64_t max_objects = 128u << 20;

namespace
{

enum class stage { objects, streams, pages, end };

struct place {
    size_t offset;
    QPDFObjGen id;
};

struct document : ss_container {
    std::shared_ptr<ss_pdf_input> source;
    uint64_t n_held = max_held;
    QPDF pdf;
    stage at = stage::objects;
    bool is_damaged = false;
    std::vector<QPDFObjGen> ids, streams;
    size_t next_id = 0, next_stream = 0, next_page = 0;
    std::map<QPDFObjGen, std::string> files; /* names of embedded ones */
    std::map<QPDFObjGen, std::shared_ptr<ss_pdf_font>> fonts;

    /* The member at hand: text, or a window of a stream. */
    std::string name, place_name, text;
    std::vector<place> places;
    QPDFObjectHandle stream;
    bool is_stream = false, is_whole = true, is_broken = false;
    uint64_t text_at = 0; /* of the window in the member */
    size_t used = 0;      /* read of the window */
};

/* Thrown through qpdf to end a stream's decoding: it catches what is a
 * std::exception. */
struct full {
};

class part_of : public ss_pdf_taker
{
  public:
    part_of(const ss_pdf_input &from, std::string &to, uint64_t passed_over)
        : ss_pdf_taker("part"), source(from), out(to), skip(passed_over)
    {
    }

    void write(unsigned char const *data, size_t len) override
    {
        size_t over = static_cast<size_t>(std::min<uint64_t>(len, skip));

        source.ask_stop();
        skip -= over;
        data += over;
        len -= over;
        size_t n = std::min(len, window - out.size());
        out.append(reinterpret_cast<const char *>(data), n);
        if (n < len)
            throw full();
    }

    void finish() override
    {
    }

  private:
    const ss_pdf_input &source;
    std::string &out;
    uint64_t skip;
};

} // namespace

static void judge_warnings(document &d)
{
    if (d.pdf.anyWarnings() && !d.pdf.getWarnings().empty())
        d.is_damaged = true;
}

/* The bytes that follow the window's. */
static void load_window(document &d)
{
    d.text_at += d.text.size();
    d.text.clear();
    d.used = 0;
    part_of part(*d.source, d.text, d.text_at);
    try {
        d.is_broken = !d.stream.pipeStreamData(&part, nullptr, 0,
                                               qpdf_dl_specialized, true);
        d.is_whole = true;
    } catch (const full &) {
        d.is_whole = false;
    }
}

static int deliver(document &d, ss_member *out, const std::string &name)
{
    d.name = name;
    d.is_stream = false;
    d.is_whole = true;
    d.is_broken = false;
    d.used = 0;
    d.text_at = 0;
    *out = ss_member{};
    out->name = d.name.c_str();
    out->size = d.text.size();
    return 1;
}

static std::string object_name(const QPDFObjGen &id)
{
    return "object " + std::to_string(id.getObj());
}

static void note_stream(document &d, QPDFObjectHandle object,
                        const QPDFObjGen &id)
{
    QPDFObjectHandle type = object.getDict().getKey("/Type");

    /* What is in these has been taken out already. */
    if (!type.isNameAndEquals("/ObjStm") && !type.isNameAndEquals("/XRef"))
        d.streams.push_back(id);
}

static void note_file(document &d, QPDFObjectHandle object)
{
    QPDFObjectHandle files = object.getKey("/EF");
    QPDFObjectHandle name = object.getKey("/UF");

    if (!name.isString())
        name = object.getKey("/F");
    if (!files.isDictionary() || !name.isString())
        return;
    for (auto &entry : files.getDictAsMap())
        d.files[entry.second.getObjGen()] = name.getUTF8Value();
}

static void read_object(document &d, const QPDFObjGen &id)
{
    QPDFObjectHandle object = d.pdf.getObjectByObjGen(id);
    size_t start = d.text.size();

    if (object.isStream())
        note_stream(d, object, id);
    if (object.isDictionary())
        note_file(d, object);
    ss_pdf_strings(d.text, object, "Value", 0);
    if (d.text.size() > start)
        d.places.push_back({start, id});
}

static int next_objects(document &d, ss_member *out)
{
    d.text.clear();
    d.places.clear();
    while (d.next_id < d.ids.size() && d.text.size() < batch) {
        d.source->ask_stop();
        read_object(d, d.ids[d.next_id++]);
        judge_warnings(d);
    }
    if (d.next_id == d.ids.size())
        d.at = stage::streams;
    return d.text.empty() ? 0 : deliver(d, out, "objects");
}

static int next_stream(document &d, ss_member *out)
{
    d.places.clear();
    d.text.clear();
    if (d.next_stream == d.streams.size()) {
        d.at = stage::pages;
        return 0;
    }
    QPDFObjGen id = d.streams[d.next_stream++];
    auto named = d.files.find(id);
    d.stream = d.pdf.getObjectByObjGen(id);
    if (!d.stream.isStream())
        return 0;
    deliver(d, out, named == d.files.end() ? object_name(id) : named->second);
    out->size = UINT64_MAX;
    d.is_stream = true;
    load_window(d);
    judge_warnings(d);
    return 1;
}

static void show_stream(QPDFObjectHandle stream, ss_pdf_text &text)
{
    if (stream.isStream())
        stream.pipeStreamData(&text, nullptr, 0, qpdf_dl_specialized, true);
}

/* A page's content may be cut anywhere between two words. */
static void show_page(document &d, QPDFObjectHandle page)
{
    QPDFObjectHandle contents = page.getKey("/Contents");
    ss_pdf_fonts fonts = ss_pdf_fonts_of(
        QPDFPageObjectHelper(page).getAttribute("/Resources", false), d.fonts,
        *d.source);
    ss_pdf_text text(*d.source, d.text, fonts);

    if (contents.isArray())
        for (auto &item : contents.getArrayAsVector())
            show_stream(item, text);
    else
        show_stream(contents, text);
}

/* Forms: what pages share, and how fields and notes look. */
static void show_form(document &d, QPDFObjectHandle form)
{
    QPDFObjectHandle dict = form.getDict();
    ss_pdf_fonts fonts =
        ss_pdf_fonts_of(dict.getKey("/Resources"), d.fonts, *d.source);
    ss_pdf_text text(*d.source, d.text, fonts);

    if (dict.getKey("/Subtype").isNameAndEquals("/Form"))
        show_stream(form, text);
}

static void show(document &d, size_t n, size_t n_pages)
{
    if (n < n_pages) {
        d.name = "page " + std::to_string(n + 1);
        show_page(d, d.pdf.getAllPages()[n]);
    } else {
        QPDFObjGen id = d.streams[n - n_pages];

        d.name = object_name(id) + " text";
        show_form(d, d.pdf.getObjectByObjGen(id));
    }
}

static int next_page(document &d, ss_member *out)
{
    size_t n_pages = d.pdf.getAllPages().size();

    d.text.clear();
    while (d.text.empty() && d.next_page < n_pages + d.streams.size()) {
        d.source->ask_stop();
        show(d, d.next_page++, n_pages);
        judge_warnings(d);
    }
    if (!d.text.empty())
        return deliver(d, out, std::string(d.name));
    d.at = stage::end;
    return 0;
}

/* A page tree that cannot be read leaves the objects. */
static int next_of(document &d, ss_member *out)
{
    ss_pdf_budget held(&d.n_held);

    switch (d.at) {
    case stage::objects:
        return next_objects(d, out);
    case stage::streams:
        return next_stream(d, out);
    case stage::pages:
        return next_page(d, out);
    case stage::end:
        break;
    }
    return 0;
}

static int fail_corrupt(ss_container_fault *fault, const char *detail)
{
    *fault = {"corrupt", detail};
    return SECSCAN_ERR_CORRUPT;
}

static int fail_stopped(document &d, ss_container_fault *fault,
                        const ss_pdf_stop &stop)
{
    d.at = stage::end;
    *fault = {stop.reason, stop.detail};
    return SECSCAN_ERR_LIMIT;
}

/* What qpdf could not go on with: the next stage may do. */
static void pass_over(document &d)
{
    d.is_damaged = true;
    if (d.at == stage::pages)
        d.at = stage::end;
}

static int next(ss_container *c, ss_member *out, ss_container_fault *fault)
{
    document &d = *static_cast<document *>(c);
    int rc = 0;

    while (!rc && d.at != stage::end) {
        try {
            rc = next_of(d, out);
        } catch (const ss_pdf_stop &stop) {
            return fail_stopped(d, fault, stop);
        } catch (const std::bad_alloc &) {
            d.at = stage::end;
            return SECSCAN_ERR_NOMEM;
        } catch (const std::exception &) {
            pass_over(d);
        }
    }
    if (rc || !d.is_damaged)
        return rc;
    return fail_corrupt(fault, "the document is damaged");
}

static ptrdiff_t read_member(ss_container *c, void *to, size_t len,
                             ss_container_fault *fault)
{
    document &d = *static_cast<document *>(c);

    try {
        ss_pdf_budget held(&d.n_held);

        while (d.used == d.text.size() && !d.is_whole)
            load_window(d);
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
    document &d = *static_cast<document *>(c);
    auto after = std::upper_bound(
        d.places.begin(), d.places.end(), offset,
        [](uint64_t at, const place &p) { return at < p.offset; });

    if (after == d.places.begin())
        return nullptr;
    try {
        d.place_name = object_name((after - 1)->id);
    } catch (const std::bad_alloc &) {
        return nullptr;
    }
    return d.place_name.c_str();
}

static void close_document(ss_container *c)
{
    delete static_cast<document *>(c);
}

static void read_places(document &d)
{
    ss_pdf_budget held(&d.n_held);

    d.pdf.setSuppressWarnings(true);
    d.pdf.processInputSource(d.source);
    for (auto &entry : d.pdf.getXRefTable())
        d.ids.push_back(entry.first);
    d.source->n_small = max_objects;
    judge_warnings(d);
}

static int start(document &d, ss_container_fault *fault)
{
    try {
        read_places(d);
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
    std::unique_ptr<document> d;
    int rc;

    (void)kind;
    try {
        ss_pdf_filters_replace();
        d = std::make_unique<document>();
        d->ops = &ss_pdf_ops;
        d->source = std::make_shared<ss_pdf_input>(*input, should_stop, ctx);
        rc = start(*d, fault);
    } catch (const ss_pdf_stop &stop) {
        *fault = {stop.reason, stop.detail};
        return SECSCAN_ERR_LIMIT;
    } catch (const std::bad_alloc &) {
        return SECSCAN_ERR_NOMEM;
    }
    if (!rc)
        *out = d.release();
    return rc;
}

extern "C" const ss_opens_ops ss_pdf_ops = {open_document, next, read_member,
                                            name_at, close_document};

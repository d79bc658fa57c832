/*
 * pdf_document.cpp: the members of a PDF.
 *
 * First the objects' strings, on the way to which streams and files are noted,
 * then the streams, then what pages and forms show.
 */
#include "source/pdf_document.h"

#include "source/pdf_filter.h"
#include "source/pdf_strings.h"
#include "source/pdf_text.h"

#include <qpdf/QPDFPageObjectHelper.hh>

#include <algorithm>

/* Held of a stream. */
static const size_t window = 64u << 20;
static const size_t batch = 256u << 10;

namespace
{

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

static void judge_warnings(ss_pdf_document &d)
{
    if (d.pdf.anyWarnings() && !d.pdf.getWarnings().empty())
        d.is_damaged = true;
}

void ss_pdf_load(ss_pdf_document &d)
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

static int deliver(ss_pdf_document &d, ss_member *out, const std::string &name)
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

static void note_stream(ss_pdf_document &d, QPDFObjectHandle object,
                        const QPDFObjGen &id)
{
    QPDFObjectHandle type = object.getDict().getKey("/Type");

    /* What is in these has been taken out already. */
    if (!type.isNameAndEquals("/ObjStm") && !type.isNameAndEquals("/XRef"))
        d.streams.push_back(id);
}

static void note_file(ss_pdf_document &d, QPDFObjectHandle object)
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

static void read_object(ss_pdf_document &d, const QPDFObjGen &id)
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

/* What one object cannot give the others may. */
template <class T> static void attempt(ss_pdf_document &d, T what)
{
    try {
        what();
    } catch (const std::bad_alloc &) {
        throw;
    } catch (const std::exception &) {
        d.is_damaged = true;
    }
    judge_warnings(d);
}

static int next_objects(ss_pdf_document &d, ss_member *out)
{
    d.text.clear();
    d.places.clear();
    while (d.next_id < d.ids.size() && d.text.size() < batch) {
        d.source->ask_stop();
        QPDFObjGen id = d.ids[d.next_id++];
        attempt(d, [&] { read_object(d, id); });
    }
    if (d.next_id == d.ids.size())
        d.at = ss_pdf_stage::streams;
    return d.text.empty() ? 0 : deliver(d, out, "objects");
}

static int next_stream(ss_pdf_document &d, ss_member *out)
{
    d.places.clear();
    d.text.clear();
    if (d.next_stream == d.streams.size()) {
        d.at = ss_pdf_stage::pages;
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
    ss_pdf_load(d);
    judge_warnings(d);
    return 1;
}

static void show_stream(QPDFObjectHandle stream, ss_pdf_text &text)
{
    if (stream.isStream())
        stream.pipeStreamData(&text, nullptr, 0, qpdf_dl_specialized, true);
}

/* A page's content may be cut anywhere between two words. */
static void show_page(ss_pdf_document &d, QPDFObjectHandle page)
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
static void show_form(ss_pdf_document &d, QPDFObjectHandle form)
{
    QPDFObjectHandle dict = form.getDict();
    ss_pdf_fonts fonts =
        ss_pdf_fonts_of(dict.getKey("/Resources"), d.fonts, *d.source);
    ss_pdf_text text(*d.source, d.text, fonts);

    if (dict.getKey("/Subtype").isNameAndEquals("/Form"))
        show_stream(form, text);
}

static void show(ss_pdf_document &d, size_t n, size_t n_pages)
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

static int next_page(ss_pdf_document &d, ss_member *out)
{
    size_t n_pages = 0;

    attempt(d, [&] { n_pages = d.pdf.getAllPages().size(); });
    d.text.clear();
    while (d.text.empty() && d.next_page < n_pages + d.streams.size()) {
        d.source->ask_stop();
        size_t n = d.next_page++;
        attempt(d, [&] { show(d, n, n_pages); });
    }
    if (!d.text.empty())
        return deliver(d, out, std::string(d.name));
    d.at = ss_pdf_stage::end;
    return 0;
}

int ss_pdf_next(ss_pdf_document &d, ss_member *out)
{
    ss_pdf_budget held(&d.n_held);

    switch (d.at) {
    case ss_pdf_stage::objects:
        return next_objects(d, out);
    case ss_pdf_stage::streams:
        return next_stream(d, out);
    case ss_pdf_stage::pages:
        return next_page(d, out);
    case ss_pdf_stage::end:
        break;
    }
    return 0;
}

void ss_pdf_start(ss_pdf_document &d)
{
    ss_pdf_budget held(&d.n_held);

    d.pdf.setSuppressWarnings(true);
    d.pdf.processInputSource(d.source);
    for (auto &entry : d.pdf.getXRefTable())
        d.ids.push_back(entry.first);
    d.source->n_small = ss_pdf_max_objects;
    judge_warnings(d);
}

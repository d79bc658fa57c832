/*
 * pdf_filter.cpp: Flate, LZW and run lengths, counted; and the predictors that
 * stand behind the first two.
 */
#include "source/pdf_filter.h"

#include "source/pdf_lzw.h"

#include <qpdf/Pl_Flate.hh>
#include <qpdf/Pl_RunLength.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFStreamFilter.hh>

#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <vector>

namespace
{

thread_local uint64_t *budget = nullptr;

class guard : public Pipeline
{
  public:
    explicit guard(Pipeline *to)
        : Pipeline("guard", to),
          is_counted(dynamic_cast<ss_pdf_taker *>(to) == nullptr)
    {
    }

    void write(unsigned char const *data, size_t len) override
    {
        if (budget && is_counted) {
            if (len > *budget)
                throw std::runtime_error("too large to hold");
            *budget -= len;
        }
        getNext()->write(data, len);
    }

    void finish() override
    {
        getNext()->finish();
    }

  private:
    bool is_counted;
};

struct parameters {
    int predictor = 1, columns = 1, colors = 1, bits = 8, early = 1;

    size_t pixel() const
    {
        size_t n = static_cast<size_t>(colors) * static_cast<size_t>(bits) / 8;

        return n ? n : 1;
    }
    size_t row() const
    {
        return (static_cast<size_t>(columns) * static_cast<size_t>(colors) *
                    static_cast<size_t>(bits) +
                7) /
               8;
    }
    bool is_png() const
    {
        return predictor >= 10;
    }
};

unsigned char paeth(int a, int b, int c)
{
    int pa = std::abs(b - c), pb = std::abs(a - c),
        pc = std::abs(a + b - 2 * c);

    return static_cast<unsigned char>(pa <= pb && pa <= pc ? a
                                      : pb <= pc           ? b
                                                           : c);
}

/* Rows of differences become rows: PNG's five kinds, TIFF's of whole bytes. */
class predictor : public Pipeline
{
  public:
    predictor(Pipeline *to, const parameters &from)
        : Pipeline("predictor", to), p(from),
          line(from.row() + (from.is_png() ? 1 : 0)), above(from.row())
    {
    }

    void write(unsigned char const *data, size_t len) override
    {
        while (len) {
            size_t n = std::min(len, line.size() - filled);

            std::copy(data, data + n,
                      line.begin() + static_cast<std::ptrdiff_t>(filled));
            filled += n;
            data += n;
            len -= n;
            if (filled == line.size())
                end_row();
        }
    }

    void finish() override
    {
        if (filled)
            end_row();
        getNext()->finish();
    }

  private:
    void end_row()
    {
        size_t head = p.is_png() ? 1 : 0;
        size_t n = filled - head;
        unsigned char *row = line.data() + head;

        for (size_t i = 0; i < n; i++)
            row[i] = static_cast<unsigned char>(row[i] + guess(row, i));
        std::copy(row, row + n, above.begin());
        getNext()->write(row, n);
        filled = 0;
    }

    unsigned char guess(const unsigned char *row, size_t i) const
    {
        size_t pixel = p.pixel();
        unsigned char left = i < pixel ? 0 : row[i - pixel];

        switch (p.is_png() ? line[0] : 1) {
        case 1:
            return left;
        case 2:
            return above[i];
        case 3:
            return static_cast<unsigned char>((left + above[i]) / 2);
        case 4:
            return paeth(left, above[i], i < pixel ? 0 : above[i - pixel]);
        default:
            return 0;
        }
    }

    parameters p;
    std::vector<unsigned char> line, above;
    size_t filled = 0;
};

void take(int &to, QPDFObjectHandle &from, const char *key)
{
    QPDFObjectHandle value = from.getKey(key);

    if (value.isInteger())
        to = value.getIntValueAsInt();
}

/* A decoder, what stands behind it, and the guard at the end. */
class filter : public QPDFStreamFilter
{
  public:
    bool setDecodeParms(QPDFObjectHandle from) override
    {
        if (!from.isDictionary())
            return from.isNull();
        take(p.predictor, from, "/Predictor");
        take(p.columns, from, "/Columns");
        take(p.colors, from, "/Colors");
        take(p.bits, from, "/BitsPerComponent");
        take(p.early, from, "/EarlyChange");
        return p.predictor == 1 || is_possible();
    }

    Pipeline *getDecodePipeline(Pipeline *next) override
    {
        parts.push_back(std::make_unique<guard>(next));
        if (p.predictor != 1)
            parts.push_back(std::make_unique<predictor>(parts.back().get(), p));
        parts.push_back(decoder(parts.back().get()));
        return parts.back().get();
    }

  protected:
    virtual std::unique_ptr<Pipeline> decoder(Pipeline *next) = 0;
    parameters p;

  private:
    /* Of a row's size, and of the differences. */
    bool is_possible() const
    {
        bool is_tiff = p.predictor == 2 && p.bits == 8;

        return (is_tiff || (p.predictor >= 10 && p.predictor <= 15)) &&
               p.columns > 0 && p.columns < 1 << 20 && p.colors > 0 &&
               p.colors <= 32 && p.bits > 0 && p.bits <= 16;
    }

    std::vector<std::unique_ptr<Pipeline>> parts;
};

class flate : public filter
{
    std::unique_ptr<Pipeline> decoder(Pipeline *next) override
    {
        return std::make_unique<Pl_Flate>("flate", next, Pl_Flate::a_inflate);
    }
};

class lzw : public filter
{
    std::unique_ptr<Pipeline> decoder(Pipeline *next) override
    {
        return std::make_unique<ss_pdf_lzw>(next, p.early != 0);
    }
};

class run_length : public filter
{
    std::unique_ptr<Pipeline> decoder(Pipeline *next) override
    {
        return std::make_unique<Pl_RunLength>("run length", next,
                                              Pl_RunLength::a_decode);
    }

    bool isSpecializedCompression() override
    {
        return true;
    }
};

template <class T> std::shared_ptr<QPDFStreamFilter> make()
{
    return std::make_shared<T>();
}

} // namespace

ss_pdf_budget::ss_pdf_budget(uint64_t *left) : before(budget)
{
    budget = left;
}

ss_pdf_budget::~ss_pdf_budget()
{
    budget = before;
}

void ss_pdf_filters_replace()
{
    static std::once_flag once;

    std::call_once(once, [] {
        QPDF::registerStreamFilter("/FlateDecode", make<flate>);
        QPDF::registerStreamFilter("/LZWDecode", make<lzw>);
        QPDF::registerStreamFilter("/RunLengthDecode", make<run_length>);
    });
}

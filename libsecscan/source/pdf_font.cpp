/*
 * pdf_font.cpp: read /ToUnicode, a character map (ISO 32000-1, 9.10.3): what
 * programs write where they embed a part of a font, and number its glyphs anew.
 */
#include "source/pdf_font.h"

#include "source/pdf_lexer.h"

#include <qpdf/QUtil.hh>

#include <vector>

/* Of one font; a range of a few bytes may name all of them, again and again. */
static const size_t max_codes = 1u << 17;
/* Of one document: about 100 bytes each. */
static const size_t max_fonts = 2000;

static uint32_t number_of(const std::string &bytes)
{
    uint32_t n = 0;

    for (char c : bytes)
        n = n << 8 | static_cast<unsigned char>(c);
    return n;
}

/* What fonts draw as one, and nobody types so: U+FB00 to U+FB06. */
static std::string without_ligature(const std::string &utf8)
{
    static const char *const letters[] = {"ff",  "fi", "fl", "ffi",
                                          "ffl", "st", "st"};
    bool is_one = utf8.size() == 3 && utf8[0] == '\xef' && utf8[1] == '\xac';
    size_t n = is_one ? static_cast<unsigned char>(utf8[2]) - 0x80u : 7;

    return n < 7 ? letters[n] : utf8;
}

/* The value of a range's n-th code: its last unit counts. */
static std::string text_of(const std::string &utf16, uint32_t n)
{
    std::string units = utf16;

    if (units.size() >= 2) {
        size_t last = units.size() - 2;
        uint32_t unit = number_of(units.substr(last)) + n;

        units[last] = static_cast<char>(unit >> 8);
        units[last + 1] = static_cast<char>(unit);
    }
    return without_ligature(QUtil::utf16_to_utf8("\xfe\xff" + units));
}

namespace
{

class map_reader : public ss_pdf_lexer
{
  public:
    map_reader(const ss_pdf_input &from, ss_pdf_font &to)
        : ss_pdf_lexer(from), font(to)
    {
    }

  protected:
    void on_string(const std::string &value) override
    {
        if (values.size() < 3 * 256)
            values.push_back(value);
        if (!is_range && !in_array && values.size() == 2)
            take(values[0], values[0], values[1]);
        else if (is_range && !in_array && values.size() == 3)
            take(values[0], values[1], values[2]);
    }

    void on_word(const std::string &value) override
    {
        if (value == "beginbfchar" || value == "beginbfrange") {
            is_range = value == "beginbfrange";
            is_map = true;
            values.clear();
        } else if (value == "endbfchar" || value == "endbfrange") {
            is_map = false;
        }
    }

    void on_name(const std::string &) override
    {
    }

    /* A range's values one by one. */
    void on_array(bool is_start) override
    {
        in_array = is_start;
        if (is_start || values.size() < 3)
            return;
        for (size_t i = 2; i < values.size(); i++)
            put(values[0].size(),
                number_of(values[0]) + static_cast<uint32_t>(i) - 2,
                text_of(values[i], 0));
        values.clear();
    }

  private:
    void put(size_t len, uint32_t code, const std::string &text)
    {
        if (!is_map || !len || len > 4 || ++n_codes > max_codes)
            return;
        font.code_len = len;
        font.text[code] = text;
    }

    void take(const std::string &from, const std::string &to,
              const std::string &text)
    {
        uint32_t first = number_of(from), last = number_of(to);
        size_t len = from.size();

        for (uint32_t n = 0; first + n <= last && n <= 0xffff; n++)
            put(len, first + n, text_of(text, n));
        values.clear();
    }

    ss_pdf_font &font;
    std::vector<std::string> values;
    size_t n_codes = 0;
    bool is_range = false, is_map = false, in_array = false;
};

} // namespace

static std::shared_ptr<ss_pdf_font> read_font(QPDFObjectHandle font,
                                              const ss_pdf_input &source)
{
    auto read = std::make_shared<ss_pdf_font>();
    map_reader reader(source, *read);
    QPDFObjectHandle map =
        font.isDictionary() ? font.getKey("/ToUnicode") : font;

    if (font.isDictionary() && map.isStream())
        map.pipeStreamData(&reader, nullptr, 0, qpdf_dl_specialized, true);
    return read;
}

ss_pdf_fonts
ss_pdf_fonts_of(QPDFObjectHandle resources,
                std::map<QPDFObjGen, std::shared_ptr<ss_pdf_font>> &known,
                const ss_pdf_input &source)
{
    ss_pdf_fonts fonts;
    QPDFObjectHandle named = resources.isDictionary()
                                 ? resources.getKey("/Font")
                                 : QPDFObjectHandle::newNull();

    if (!named.isDictionary())
        return fonts;
    for (auto &entry : named.getDictAsMap()) {
        QPDFObjGen id = entry.second.getObjGen();
        auto found = known.find(id);

        if (fonts.size() >= max_fonts || known.size() >= max_fonts)
            break;
        if (found == known.end() || !id.isIndirect())
            found = known.insert_or_assign(id, read_font(entry.second, source))
                        .first;
        fonts[entry.first.substr(1)] = found->second;
    }
    return fonts;
}

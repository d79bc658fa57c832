/*
 * pdf_strings.cpp: titles, addresses, values of forms, scripts: what stands in
 * objects rather than in streams.
 */
#include "source/pdf_strings.h"

/* qpdf parses objects up to 500 deep. */
static const int max_depth = 100;

static void add_line(std::string &out, const std::string &key,
                     const std::string &value)
{
    bool is_long = value.find_first_of("\r\n") != std::string::npos;

    out += key + (is_long ? " =\n" : " = ") + value + "\n";
}

static void add_all(std::string &out, QPDFObjectHandle object,
                    const std::string &key, int depth)
{
    if (object.isArray()) {
        for (auto &item : object.getArrayAsVector())
            ss_pdf_strings(out, item, key, depth + 1);
        return;
    }
    for (auto &entry : object.getDictAsMap())
        ss_pdf_strings(out, entry.second, entry.first.substr(1), depth + 1);
}

void ss_pdf_strings(std::string &out, QPDFObjectHandle object,
                    const std::string &key, int depth)
{
    if (depth > max_depth || (depth && object.isIndirect()))
        return;
    if (object.isStream())
        object = object.getDict();
    if (object.isString())
        add_line(out, key, object.getUTF8Value());
    else if (object.isName() && depth)
        add_line(out, key, object.getName().substr(1));
    else if (object.isArray() || object.isDictionary())
        add_all(out, object, key, depth);
}

/*
 * toml.cpp: toml++ behind toml.h; the one C++ file. Compiled in (not linked),
 * so that the library carries no further dependency to start up.
 */
#undef TOML_HEADER_ONLY
#undef TOML_SHARED_LIB
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 1
#define TOML_ENABLE_FORMATTERS 0
#define TOML_ENABLE_WINDOWS_COMPAT 0

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wpedantic"
#endif
#include <toml++/toml.h>
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

extern "C" {
#include "base/error.h"
}
#include "rules/toml.h"

#include <strings.h>

#include <cstring>
#include <new>

struct ss_toml {
    toml::table root;
};

static const toml::node *node_of(const ss_toml_node *node)
{
    return reinterpret_cast<const toml::node *>(node);
}

static const ss_toml_node *face_of(const toml::node *node)
{
    return reinterpret_cast<const ss_toml_node *>(node);
}

static ss_toml_place place_of(const toml::source_region &source)
{
    return {source.begin.line, source.begin.column};
}

/* The message of toml++ goes on after its first line with the text read. */
static int fail_parse(secscan_error *err, const char *name,
                      const toml::parse_error &error)
{
    std::string_view text = error.description();

    text = text.substr(0, text.find('\n'));
    if (text.size() > 100)
        text = text.substr(0, 100);
    return ss_fail_at(err, SECSCAN_ERR_RULE, name, error.source().begin.line,
                      error.source().begin.column, "TOML: %.*s",
                      static_cast<int>(text.size()), text.data());
}

int ss_toml_parse(ss_toml **out, const char *text, size_t len, const char *name,
                  secscan_error *err)
{
    try {
        *out = new ss_toml{toml::parse(std::string_view(text, len))};
        return 0;
    } catch (const toml::parse_error &error) {
        return fail_parse(err, name, error);
    } catch (const std::bad_alloc &) {
        return ss_fail_nomem(err);
    } catch (...) {
        return ss_fail_at(err, SECSCAN_ERR_RULE, name, 1, 1,
                          "TOML: it cannot be read");
    }
}

void ss_toml_free(ss_toml *toml)
{
    delete toml;
}

const ss_toml_node *ss_toml_root(const ss_toml *toml)
{
    return face_of(&toml->root);
}

ss_toml_kind ss_toml_kind_of(const ss_toml_node *node)
{
    switch (node_of(node)->type()) {
    case toml::node_type::table:
        return SS_TOML_TABLE;
    case toml::node_type::array:
        return SS_TOML_ARRAY;
    case toml::node_type::string:
        return SS_TOML_STRING;
    case toml::node_type::integer:
        return SS_TOML_INTEGER;
    case toml::node_type::floating_point:
        return SS_TOML_FLOAT;
    case toml::node_type::boolean:
        return SS_TOML_BOOL;
    default:
        return SS_TOML_TIME;
    }
}

ss_toml_place ss_toml_place_of(const ss_toml_node *node)
{
    return place_of(node_of(node)->source());
}

size_t ss_toml_count(const ss_toml_node *node)
{
    if (const toml::table *table = node_of(node)->as_table())
        return table->size();
    if (const toml::array *array = node_of(node)->as_array())
        return array->size();
    return 0;
}

const ss_toml_node *ss_toml_item(const ss_toml_node *array, size_t index)
{
    return face_of(node_of(array)->as_array()->get(index));
}

const ss_toml_node *ss_toml_entry(const ss_toml_node *table, size_t index,
                                  ss_toml_key *key)
{
    auto it = node_of(table)->as_table()->cbegin();

    while (index-- > 0)
        ++it;
    if (key) {
        std::string_view text = it->first.str();

        *key = {text.data(), text.size(), place_of(it->first.source())};
    }
    return face_of(&it->second);
}

const ss_toml_node *ss_toml_get(const ss_toml_node *table, const char *key)
{
    const size_t n = ss_toml_count(table);
    const size_t len = std::strlen(key);

    for (size_t i = 0; i < n; i++) {
        ss_toml_key found;
        const ss_toml_node *node = ss_toml_entry(table, i, &found);

        if (found.len == len && strncasecmp(found.text, key, len) == 0)
            return node;
    }
    return nullptr;
}

int ss_toml_string(const ss_toml_node *node, const char **text, size_t *len)
{
    const toml::value<std::string> *value = node_of(node)->as_string();

    if (!value)
        return 0;
    *text = value->get().c_str();
    *len = value->get().size();
    return 1;
}

int ss_toml_integer(const ss_toml_node *node, int64_t *value)
{
    const toml::value<int64_t> *found = node_of(node)->as_integer();

    if (!found)
        return 0;
    *value = found->get();
    return 1;
}

int ss_toml_float(const ss_toml_node *node, double *value)
{
    const toml::value<double> *found = node_of(node)->as_floating_point();
    int64_t whole = 0;

    if (found)
        *value = found->get();
    else if (ss_toml_integer(node, &whole))
        *value = static_cast<double>(whole);
    else
        return 0;
    return 1;
}

int ss_toml_bool(const ss_toml_node *node, int *value)
{
    const toml::value<bool> *found = node_of(node)->as_boolean();

    if (!found)
        return 0;
    *value = found->get() ? 1 : 0;
    return 1;
}

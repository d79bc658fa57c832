/*
 * argument.c: values of JavaScript as values of C. Types have been checked in
 * lib/: another type reads as absent.
 */
#include "addon.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- memory ----------------------------------------------------------- */

static int make_room(keep *k)
{
    size_t cap = k->cap ? 2 * k->cap : 8;
    void **at;

    if (k->n < k->cap)
        return 0;
    at = realloc(k->at, cap * sizeof(*at));
    if (!at)
        return -1;
    k->at = at;
    k->cap = cap;
    return 0;
}

void *keep_alloc(keep *k, size_t size)
{
    void *memory = make_room(k) ? NULL : calloc(1, size ? size : 1);

    if (memory)
        k->at[k->n++] = memory;
    else
        k->has_failed = 1;
    return memory;
}

void keep_release(keep *k)
{
    for (size_t i = 0; i < k->n; i++)
        free(k->at[i]);
    free(k->at);
    *k = (keep){0};
}

/* ---- arguments -------------------------------------------------------- */

void args_get(napi_env env, napi_callback_info info, size_t n, napi_value *args)
{
    napi_get_cb_info(env, info, &n, args, NULL, NULL);
}

bool is_absent(napi_env env, napi_value value)
{
    napi_valuetype type = napi_undefined;

    if (value)
        napi_typeof(env, value, &type);
    return type == napi_undefined || type == napi_null;
}

char *arg_text(napi_env env, napi_value value, keep *k)
{
    size_t len = 0;
    char *text;

    if (!value ||
        napi_get_value_string_utf8(env, value, NULL, 0, &len) != napi_ok)
        return NULL;
    text = keep_alloc(k, len + 1);
    if (text)
        napi_get_value_string_utf8(env, value, text, len + 1, &len);
    return text;
}

/* Older versions of Node end the process when asked for the bytes of what has
 * none. Those of an empty one are there, and NULL only when it is absent. */
secscan_bytes arg_bytes(napi_env env, napi_value value)
{
    bool is_buffer = false;
    void *data = NULL;
    size_t len = 0;

    if (value)
        napi_is_buffer(env, value, &is_buffer);
    if (!is_buffer || napi_get_buffer_info(env, value, &data, &len) != napi_ok)
        return (secscan_bytes){NULL, 0};
    return (secscan_bytes){data ? data : "", len};
}

/* ---- options ---------------------------------------------------------- */

napi_value option(napi_env env, napi_value object, const char *key)
{
    napi_value value = NULL;

    napi_get_named_property(env, object, key, &value);
    return value;
}

double option_number(napi_env env, napi_value object, const char *key)
{
    napi_value value = option(env, object, key);
    double number = 0;

    if (value)
        napi_get_value_double(env, value, &number);
    return number;
}

char *option_text(napi_env env, napi_value object, const char *key, keep *k)
{
    return arg_text(env, option(env, object, key), k);
}

const char *const *option_texts(napi_env env, napi_value object,
                                const char *key, keep *k, size_t *n)
{
    napi_value list = option(env, object, key);
    uint32_t len = 0;
    const char **texts;

    *n = 0;
    if (is_absent(env, list) ||
        napi_get_array_length(env, list, &len) != napi_ok || !len)
        return NULL;
    texts = keep_alloc(k, len * sizeof(*texts));
    for (uint32_t i = 0; texts && i < len; i++) {
        napi_value value = NULL;

        napi_get_element(env, list, i, &value);
        texts[i] = arg_text(env, value, k);
        if (!texts[i])
            k->has_failed = 1;
    }
    *n = texts ? len : 0;
    return texts;
}

secscan_bytes option_bytes(napi_env env, napi_value object, const char *key,
                           keep *k)
{
    secscan_bytes bytes = arg_bytes(env, option(env, object, key));
    char *copy = bytes.data ? keep_alloc(k, bytes.len) : NULL;

    if (!copy)
        return (secscan_bytes){NULL, 0};
    memcpy(copy, bytes.data, bytes.len);
    return (secscan_bytes){copy, bytes.len};
}

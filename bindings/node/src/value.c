/*
 * value.c: values of C as values of JavaScript.
 *
 * A call of Node-API fails when the environment is being torn down or out of
 * memory; then the value is undefined, and whoever asked for it is gone.
 */
#include "addon.h"

#include <stdlib.h>
#include <string.h>

napi_value js_undefined(napi_env env)
{
    napi_value value = NULL;

    napi_get_undefined(env, &value);
    return value;
}

static napi_value made(napi_env env, napi_status status, napi_value value)
{
    return status == napi_ok ? value : js_undefined(env);
}

napi_value js_bool(napi_env env, bool value)
{
    napi_value out = NULL;
    napi_status status = napi_get_boolean(env, value, &out);

    return made(env, status, out);
}

napi_value js_number(napi_env env, double value)
{
    napi_value out = NULL;
    napi_status status = napi_create_double(env, value, &out);

    return made(env, status, out);
}

napi_value js_string(napi_env env, const char *text)
{
    napi_value out = NULL;
    napi_status status =
        text ? napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &out)
             : napi_get_null(env, &out);

    return made(env, status, out);
}

napi_value js_object(napi_env env)
{
    napi_value out = NULL;
    napi_status status = napi_create_object(env, &out);

    return made(env, status, out);
}

napi_value js_array(napi_env env, size_t n)
{
    napi_value out = NULL;
    napi_status status = napi_create_array_with_length(env, n, &out);

    return made(env, status, out);
}

void js_set(napi_env env, napi_value object, const char *key, napi_value value)
{
    napi_set_named_property(env, object, key, value);
}

void js_hide(napi_env env, napi_value object, const char *key, napi_value value)
{
    const napi_property_descriptor hidden = {.utf8name = key,
                                             .value = value,
                                             .attributes = napi_writable |
                                                           napi_configurable};

    napi_define_properties(env, object, 1, &hidden);
}

void js_put(napi_env env, napi_value array, size_t i, napi_value value)
{
    napi_set_element(env, array, (uint32_t)i, value);
}

napi_value js_strings(napi_env env, const char *const *texts, size_t n)
{
    napi_value out = js_array(env, n);

    for (size_t i = 0; i < n; i++)
        js_put(env, out, i, js_string(env, texts[i]));
    return out;
}

napi_value js_buffer(napi_env env, secscan_bytes bytes)
{
    napi_value out = NULL;
    napi_status status =
        napi_create_buffer_copy(env, bytes.len, bytes.data, NULL, &out);

    return made(env, status, out);
}

/* ---- errors ----------------------------------------------------------- */

void js_error_class(napi_env env, napi_value constructor)
{
    instance *in = instance_of(env);

    if (in)
        napi_create_reference(env, constructor, 1, &in->error_class);
}

napi_value js_error(napi_env env, const secscan_error *error)
{
    napi_value args[] = {js_string(env, error->message),
                         js_string(env, secscan_status_name(error->code)),
                         js_number(env, error->line),
                         js_number(env, error->column)};
    napi_value constructor = NULL, out = NULL;
    const instance *in = instance_of(env);

    if (in && in->error_class)
        napi_get_reference_value(env, in->error_class, &constructor);
    if (!constructor ||
        napi_new_instance(env, constructor, 4, args, &out) != napi_ok)
        napi_create_error(env, args[1], args[0], &out);
    return out ? out : js_undefined(env);
}

napi_value js_throw(napi_env env, const secscan_error *error)
{
    napi_throw(env, js_error(env, error));
    return NULL;
}

void tell_size(napi_env env, int64_t change)
{
    int64_t size;

    napi_adjust_external_memory(env, change, &size);
}

int fail(secscan_error *err, int code, const char *message)
{
    *err = (secscan_error){.code = code};
    strncpy(err->message, message, sizeof(err->message) - 1);
    return code;
}

int fail_nomem(secscan_error *err)
{
    return fail(err, SECSCAN_ERR_NOMEM, "out of memory");
}

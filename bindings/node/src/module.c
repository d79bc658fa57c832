/*
 * module.c: what lib/ finds in the addon. No state but that of an environment
 * (instance.c).
 */
#include "addon.h"

static const struct {
    const char *name;
    napi_callback call;
} functions[] = {
    {"rulesLoad", rules_load},   {"rulesLoadSync", rules_load_sync},
    {"rulesCount", rules_count}, {"rulesVersion", rules_version},
    {"rulesAt", rules_at},       {"rulesFind", rules_find},
    {"rulesNotes", rules_notes}, {"pool", pool_new},
    {"scanSync", scan_sync},     {"scan", scan_start},
    {"cancel", scan_cancel},     {"walkStart", walk_start},
    {"walkTake", walk_take},     {"walkStop", walk_stop},
    {"streamNew", stream_new},   {"streamFeed", stream_feed},
    {"streamStop", stream_stop}, {"end", instance_end},
};

/* setup(ErrorClass) */
static napi_value setup(napi_env env, napi_callback_info info)
{
    napi_value constructor = NULL;

    args_get(env, info, 1, &constructor);
    js_error_class(env, constructor);
    return js_undefined(env);
}

static void define(napi_env env, napi_value exports, const char *name,
                   napi_callback call)
{
    napi_value function = NULL;

    napi_create_function(env, name, NAPI_AUTO_LENGTH, call, NULL, &function);
    js_set(env, exports, name, function);
}

SECSCAN_API napi_value secscan_node_init(napi_env env, napi_value exports);

/* Called by loader.c, once an environment. */
napi_value secscan_node_init(napi_env env, napi_value exports)
{
    instance_new(env);
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
        define(env, exports, functions[i].name, functions[i].call);
    define(env, exports, "setup", setup);
    js_set(env, exports, "version", js_string(env, secscan_version()));
    return exports;
}

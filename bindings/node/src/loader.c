/*
 * loader.c: what Node loads: it loads the addon itself, module.c, as binding.c
 * says, which Node would not do.
 */
#include "binding.h"

#define NAPI_VERSION 8
#include <node_api.h>

#include <dlfcn.h>
#include <string.h>

#if defined(__APPLE__)
#define ADDON "@loader_path/secscan-addon.node"
#else
#define ADDON "secscan-addon.node"
#endif

typedef napi_value (*init_fn)(napi_env env, napi_value exports);

NAPI_MODULE_INIT()
{
    void *addon = binding_load(ADDON);
    void *symbol = addon ? dlsym(addon, "secscan_node_init") : NULL;
    init_fn init;

    if (!symbol) {
        napi_throw_error(env, NULL, dlerror());
        return NULL;
    }
    _Static_assert(sizeof(init) == sizeof(symbol), "as POSIX has it");
    memcpy(&init, &symbol, sizeof(init));
    return init(env, exports);
}

/*
 * handle.c: what stands behind the public secscan_scanner: settings, checked,
 * and scanners with them.
 */
#include "handle.h"

#include "base/alloc.h"
#include "base/options.h"
#include "os/clock.h"
#include "run/results.h"
#include "run/run_stream.h"

#define MAX_THREADS 256u
#define DEFAULT_DEPTH 8u

/* The caller's key; else the configuration's salt; else the public key. */
static int set_key(secscan_scanner *handle, secscan_error *err)
{
    const void *key = handle->options.fingerprint_key;
    size_t len = handle->options.fingerprint_key_len;

    if (!key && len)
        return ss_fail(err, SECSCAN_ERR_ARG, "fingerprint_key is NULL");
    if (!key && handle->set->salt) {
        key = handle->set->salt;
        len = strlen(handle->set->salt);
    }
    if (!key)
        return 0;
    if (len < SS_MIN_SALT || len > SS_MAX_SALT)
        return ss_fail(err, SECSCAN_ERR_ARG,
                       "fingerprint_key has %zu bytes, not %u to %u", len,
                       SS_MIN_SALT, SS_MAX_SALT);
    memcpy(handle->key.bytes, key, len);
    handle->key.len = len;
    return 0;
}

/* Every file of a tree asks these rules: not all of them are gone through each
 * time. */
static int find_path_rules(secscan_scanner *handle, secscan_error *err)
{
    const ss_rule_set *set = handle->set;

    handle->path_rules = ss_calloc(set->n_rules, sizeof(uint32_t));
    if (!handle->path_rules)
        return ss_fail_nomem(err);
    for (size_t i = 0; i < set->n_rules; i++) {
        if (ss_rule_is_path(set->rules[i]))
            handle->path_rules[handle->n_path_rules++] = (uint32_t)i;
    }
    return 0;
}

static int start_measuring(secscan_scanner *handle, secscan_error *err)
{
    const ss_rule_set *set = handle->set;
    /* One more: no memory of no rules. */
    secscan_rule_cost *costs = ss_calloc(set->n_rules + 1, sizeof(*costs));

    if (!costs)
        return ss_fail_nomem(err);
    for (size_t i = 0; i < set->n_rules; i++)
        costs[i].rule = set->rules[i]->id;
    handle->costs = (ss_costs){ss_clock_cpu_ns, 0, costs};
    ss_scanner_measure(handle->scanner, &handle->costs);
    return 0;
}

int ss_handle_scanner(ss_scanner **out, const secscan_scanner *handle,
                      secscan_error *err)
{
    int rc = ss_scanner_new(out, handle->set, handle->options.chunk_core, err);

    if (rc)
        return rc;
    ss_scanner_ask_length(*out, handle->gate.min_password_len);
    ss_handle_ask_decoding(handle, *out, 0);
    return 0;
}

/* ---- encodings and containers ---- */

static int is_container(ss_bytes bytes)
{
    return ss_container_detect(bytes) != NULL;
}

/* At the deepest container one encoding is still looked into: so that what is
 * not followed is said. */
void ss_handle_ask_decoding(const secscan_scanner *handle, ss_scanner *scanner,
                            uint32_t depth)
{
    uint32_t max = handle->options.max_depth;
    ss_decode_options decoding = {.max_depth = depth < max ? max - depth : 1,
                                  .max_decoded = handle->options.max_decoded};

    if (handle->options.flags & SECSCAN_SCAN_NO_DECODE)
        return;
    if (ss_handle_opens(handle)) {
        decoding.is_container = is_container;
        decoding.container = ss_results_add_nested;
    }
    ss_scanner_ask_decoding(scanner, decoding);
}

int ss_handle_wants_every(const secscan_scanner *handle)
{
    return (handle->options.flags & SECSCAN_SCAN_EVERY_PLACE) != 0;
}

int ss_handle_opens(const secscan_scanner *handle)
{
    return handle->options.opener &&
           !(handle->options.flags & SECSCAN_SCAN_NO_CONTAINERS);
}

const ss_opener *ss_handle_opener(secscan_scanner *handle)
{
    const ss_opener *opener;

    ss_mutex_lock(&handle->opener_lock);
    if (!handle->has_asked) {
        handle->has_asked = 1;
        opener = (const ss_opener *)handle->options.opener(
            handle->options.opener_ctx);
        if (opener && opener->version == SS_OPENER_VERSION)
            handle->opener = opener;
    }
    opener = handle->opener;
    ss_mutex_unlock(&handle->opener_lock);
    return opener;
}

/* ---- a handle ---- */

static int check_depth(secscan_scan_options *options, secscan_error *err)
{
    if (!options->max_depth)
        options->max_depth = DEFAULT_DEPTH;
    if (options->max_depth > SS_MAX_ENCODINGS)
        return ss_fail(err, SECSCAN_ERR_ARG, "max_depth: at most %u",
                       SS_MAX_ENCODINGS);
    return 0;
}

static int fill_handle(secscan_scanner *handle, secscan_rules *rules,
                       const secscan_scan_options *options, secscan_error *err)
{
    int rc = ss_options_copy(&handle->options, sizeof(handle->options), options,
                             err);

    if (rc)
        return rc;
    handle->rules = secscan_rules_ref(rules);
    handle->set = ss_rules_set(rules);
    if (handle->options.flags &
        ~(SECSCAN_SCAN_MEASURE | SECSCAN_SCAN_SHOW_SUPPRESSED |
          SECSCAN_SCAN_NO_SUPPRESS | SECSCAN_SCAN_NEW_ONLY |
          SECSCAN_SCAN_NO_DECODE | SECSCAN_SCAN_NO_CONTAINERS |
          SECSCAN_SCAN_EVERY_PLACE))
        return ss_fail(err, SECSCAN_ERR_ARG, "unknown flags in options");
    if (!handle->options.threads)
        handle->options.threads = ss_thread_processors();
    if (handle->options.threads > MAX_THREADS)
        return ss_fail(err, SECSCAN_ERR_ARG, "threads: at most %u",
                       MAX_THREADS);
    rc = ss_options_reserved(handle->options.reserved, err);
    if (!rc)
        rc = check_depth(&handle->options, err);
    if (rc)
        return rc;
    if (ss_mutex_init(&handle->opener_lock))
        return ss_fail_nomem(err);
    handle->has_lock = 1;
    handle->stream_name = (ss_buf)SS_BUF_INIT(SIZE_MAX / 4);
    handle->range = (ss_buf)SS_BUF_INIT(SIZE_MAX / 4);
    handle->coverage.mode = "";
    handle->coverage.warning = "";
    handle->coverage.is_complete = 1;
    handle->coverage.skips = handle->skips;
    handle->coverage.rules_version = handle->set->version;
    handle->coverage.policy_digest = handle->options.policy_digest;
    handle->coverage.n_rules = ss_rule_set_count(handle->set);
    rc = ss_gate_init(&handle->gate, &handle->options, err);
    if (rc)
        return rc;
    handle->coverage.profile = secscan_profile_name(handle->gate.profile);
    rc = set_key(handle, err);
    if (!rc && handle->options.acknowledged)
        rc = ss_acknowledgements_read(&handle->acknowledged,
                                      handle->options.acknowledged,
                                      handle->options.today, err);
    if (!rc)
        rc = ss_hide_init(&handle->hide, handle->options.policy, handle->set,
                          err);
    if (!rc)
        rc = find_path_rules(handle, err);
    if (rc)
        return rc;
    rc = ss_handle_scanner(&handle->scanner, handle, err);
    if (!rc && handle->options.flags & SECSCAN_SCAN_MEASURE)
        rc = start_measuring(handle, err);
    return rc;
}

int ss_handle_new(secscan_scanner **out, secscan_rules *rules,
                  const secscan_scan_options *options, secscan_error *err)
{
    secscan_scanner *handle = ss_calloc(1, sizeof(*handle));
    int rc;

    if (!handle)
        return ss_fail_nomem(err);
    rc = fill_handle(handle, rules, options, err);
    if (rc) {
        ss_handle_free(handle);
        return rc;
    }
    *out = handle;
    return 0;
}

void ss_handle_free(secscan_scanner *handle)
{
    if (!handle)
        return;
    ss_stream_free(handle->stream);
    ss_scanner_free(handle->scanner);
    if (handle->has_lock)
        ss_mutex_release(&handle->opener_lock);
    ss_free(handle->path_rules);
    ss_free(handle->costs.rules);
    ss_acknowledgements_release(&handle->acknowledged);
    ss_buf_release(&handle->stream_name);
    ss_buf_release(&handle->range);
    ss_hide_release(&handle->hide);
    secscan_rules_free(handle->rules);
    ss_free_wiped(handle, sizeof(*handle));
}

int ss_handle_enter(secscan_scanner *handle, const char *mode,
                    secscan_error *err)
{
    if (handle->is_busy)
        return ss_fail(err, SECSCAN_ERR_BUSY, "the scanner is in use");
    if (err)
        err->code = SECSCAN_OK;
    handle->is_busy = 1;
    handle->coverage.mode = mode;
    handle->coverage.range = NULL;
    return 0;
}

int ss_handle_set_range(secscan_scanner *handle, const char *range,
                        secscan_error *err)
{
    ss_buf_reset(&handle->range);
    if (ss_buf_add(&handle->range, range, strlen(range) + 1))
        return ss_fail_nomem(err);
    handle->coverage.range = (const char *)handle->range.data;
    return 0;
}

int ss_handle_status(int rc, secscan_error *err)
{
    if (rc < 0 && err && err->code != rc)
        ss_fail(err, rc, "%s", secscan_status_name(rc));
    return rc > 0 ? SECSCAN_STOPPED : rc;
}

int ss_handle_leave(secscan_scanner *handle, int rc, secscan_error *err)
{
    const ss_scan_counts *now = ss_scanner_counts(handle->scanner);
    ss_scan_counts *seen = &handle->counted;
    ss_scan_counts more = {now->units - seen->units, now->bytes - seen->bytes,
                           now->decoded_bytes - seen->decoded_bytes,
                           now->suppressed - seen->suppressed,
                           now->engine_bytes - seen->engine_bytes};

    ss_coverage_add(handle, &more);
    *seen = *now;
    ss_hide_tell(&handle->hide, &handle->coverage);
    handle->is_busy = 0;
    if (rc)
        handle->coverage.is_complete = 0;
    return ss_handle_status(rc, err);
}

int ss_sink_copy(secscan_sink *out, const secscan_sink *sink,
                 secscan_error *err)
{
    return ss_options_copy(out, sizeof(*out), sink, err);
}

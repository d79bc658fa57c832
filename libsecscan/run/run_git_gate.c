/*
 * run_git_gate.c: the commits of the caller's ref as a set of ids, and findings
 * held against it.
 */
#include "run_git_gate.h"

int ss_git_gate_read(ss_git_gate *out, const ss_git_scan *scan, ss_git *git,
                     const ss_git_refs *refs, secscan_error *err)
{
    out->ref = scan->options.gate_ref;
    out->is_elsewhere = scan->is_submodule;
    if (!out->ref || out->is_elsewhere)
        return 0;
    return ss_git_range_read(&out->range, git, out->ref, refs, err);
}

void ss_git_gate_release(ss_git_gate *gate)
{
    ss_git_range_release(&gate->range);
}

static int has_commit(const ss_git_gate *gate, const char *hex)
{
    const ss_map_entry *entry;
    size_t len = strlen(hex) / 2;
    ss_oid id = {{0}};

    if (ss_oid_read(&id, ss_bytes_str(hex), len))
        return 0;
    entry = ss_map_get(&gate->range.by_id, ss_bytes_of(id.id, sizeof(id.id)));
    return entry && gate->range.commits.at[entry->value.num].in_range;
}

/* "main" is refs/heads/main; so is the whole name, and the end of a range. */
static int is_named(const ss_git_gate *gate, const char *ref)
{
    const char *dots = strstr(gate->ref, "..");
    const char *name = dots ? dots + 2 + (dots[2] == '.') : gate->ref;
    size_t len = strlen(name), ref_len = strlen(ref);

    return ref_len >= len && strcmp(ref + ref_len - len, name) == 0 &&
           (ref_len == len || ref[ref_len - len - 1] == '/');
}

int ss_git_gate_holds(const ss_git_gate *gate, const secscan_finding *finding)
{
    if (!gate->ref)
        return 1;
    if (gate->is_elsewhere)
        return 0;
    for (size_t i = 0; i < finding->n_introductions; i++) {
        if (has_commit(gate, finding->introductions[i].commit.id))
            return 1;
    }
    if (finding->n_introductions)
        return 0;
    for (size_t i = 0; i < finding->n_refs_listed; i++) {
        if (is_named(gate, finding->refs[i]))
            return 1;
    }
    return 0;
}

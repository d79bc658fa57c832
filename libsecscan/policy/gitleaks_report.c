/*
 * gitleaks_report.c: a JSON report of gitleaks as a baseline. A finding is
 * known when its secret is the same, in the same file; of a redacted report,
 * when rule, file, line and commit are.
 */
#include "policy.h"

#include <jansson.h>

static const char *text_of(const json_t *finding, const char *key)
{
    const char *text = json_string_value(json_object_get(finding, key));

    return text ? text : "";
}

static const char *keep(secscan_policy *policy, const char *text)
{
    return ss_arena_str(&policy->arena, text, strlen(text));
}

/* "REDACTED", or the first part of the secret and three dots. */
static int is_redacted(const char *secret)
{
    size_t len = strlen(secret);

    return !len || strcmp(secret, "REDACTED") == 0 ||
           (len >= 3 && strcmp(secret + len - 3, "...") == 0);
}

static int add_secret(secscan_policy *policy, ss_policy_row *row,
                      const char *secret)
{
    ss_bytes key = {NULL, strlen(secret)};

    key.data = ss_arena_copy(&policy->arena, secret, key.len);
    if (!key.data)
        return SECSCAN_ERR_NOMEM;
    return ss_policy_add(policy, &policy->secrets, key, row);
}

static int add_position(secscan_policy *policy, ss_policy_row *row,
                        const json_t *finding)
{
    const char *commit = text_of(finding, "Commit");
    json_int_t line = json_integer_value(json_object_get(finding, "StartLine"));
    ss_bytes key;

    row->is_position = 1;
    row->entry.rule = keep(policy, text_of(finding, "RuleID"));
    if (*commit)
        row->commit = keep(policy, commit);
    key = ss_policy_position(policy, row->entry.path,
                             line > 0 ? (uint64_t)line : 0);
    if (!row->entry.rule || (*commit && !row->commit) || !key.data)
        return SECSCAN_ERR_NOMEM;
    return ss_policy_add(policy, &policy->positions, key, row);
}

static int add_finding(secscan_policy *policy, const secscan_policy_text *text,
                       const json_t *finding)
{
    const char *secret = text_of(finding, "Secret");
    ss_policy_row row = {
        .file = text->name, .reason = "", .kind = SECSCAN_POLICY_BASELINE};

    row.entry.path = keep(policy, text_of(finding, "File"));
    if (!row.entry.path)
        return SECSCAN_ERR_NOMEM;
    return is_redacted(secret) ? add_position(policy, &row, finding)
                               : add_secret(policy, &row, secret);
}

int ss_gitleaks_report_read(secscan_policy *policy,
                            const secscan_policy_text *text, secscan_error *err)
{
    json_error_t why;
    json_t *list = json_loadb(text->data, text->len, 0, &why);
    const json_t *finding;
    size_t i;
    int rc = 0;

    if (!json_is_array(list)) {
        json_decref(list);
        return ss_fail_at(err, SECSCAN_ERR_RULE, text->name,
                          why.line > 0 ? (uint32_t)why.line : 0, 0,
                          "this is no JSON report of gitleaks");
    }
    json_array_foreach(list, i, finding)
    {
        rc = rc ? rc : add_finding(policy, text, finding);
    }
    json_decref(list);
    return rc;
}

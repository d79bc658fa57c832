/*
 * check.c: the table of offline checks, and what its families share. What a
 * secret has to be, and what happens when it is not, stands with each check;
 * only what a vendor states, or samples confirm, may fail.
 */
#include "scan/check_family.h"

#include "base/error.h"

#include <stdio.h>

typedef struct check_row {
    const char *name;
    ss_check_fn check;
} check_row;

static const check_row rows[] = {
    {"age-key", ss_check_bech32},
    {"anthropic", ss_check_anthropic},
    {"atlassian-crc32", ss_check_atlassian},
    {"atlassian-dc", ss_check_atlassian_dc},
    {"aws-key-id", ss_check_aws_id},
    {"azure-cask", ss_check_cask},
    {"azure-devops-pat", ss_check_devops_pat},
    {"azure-identifiable", ss_check_identifiable},
    {"base64-text", ss_check_base64_password},
    {"base64-url", ss_check_base64_url},
    {"basic-auth", ss_check_basic},
    {"bedrock-key", ss_check_bedrock},
    {"cisco-type7", ss_check_cisco7},
    {"cloudflare-crc32", ss_check_cloudflare},
    {"confluent-crc32", ss_check_confluent},
    {"discord-bot", ss_check_discord},
    {"docker-auth", ss_check_basic},
    {"docker-config", ss_check_docker_config},
    {"entra-secret", ss_check_entra},
    {"extended-key", ss_check_extended_key},
    {"fernet", ss_check_fernet},
    {"github-crc32", ss_check_github},
    {"gitlab-routable", ss_check_gitlab},
    {"gpp-cpassword", ss_check_cpassword},
    {"grafana-cloud", ss_check_grafana_cloud},
    {"grafana-crc32", ss_check_grafana},
    {"groq", ss_check_groq},
    {"jfrog-reference", ss_check_jfrog},
    {"juniper-type9", ss_check_juniper9},
    {"jwt", ss_check_jwt},
    {"jwt-secret-length", ss_check_jwt_secret},
    {"laravel-key", ss_check_laravel},
    {"mapbox-token", ss_check_mapbox},
    {"nats-seed", ss_check_nats},
    {"nostr-key", ss_check_bech32},
    {"npm-crc32", ss_check_npm},
    {"nuget-key", ss_check_nuget},
    {"openai", ss_check_openai},
    {"password-hash", ss_check_hash},
    {"password-length", ss_check_password_length},
    {"polar-crc32", ss_check_polar},
    {"private-key", ss_check_private_key},
    {"pypi-macaroon", ss_check_pypi},
    {"rclone", ss_check_rclone},
    {"seed-phrase", ss_check_seed_phrase},
    {"sentry-org-token", ss_check_sentry},
    {"signed-url", ss_check_signed_url},
    {"stellar-seed", ss_check_stellar},
    {"supabase", ss_check_supabase},
    {"telegram-bot", ss_check_telegram},
    {"unattend", ss_check_unattend},
    {"uuid", ss_check_uuid},
    {"vault-token", ss_check_vault},
    {"vercel-crc32", ss_check_vercel},
    {"websphere-xor", ss_check_websphere},
    {"wif", ss_check_wif},
    {"winscp", ss_check_winscp},
    {"wireguard", ss_check_wireguard},
    {"zuplo-crc32", ss_check_zuplo},
};

ss_check_fn ss_check_find(const char *name)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (!strcmp(rows[i].name, name))
            return rows[i].check;
    }
    return NULL;
}

const char *ss_check_name(size_t i)
{
    return i < sizeof(rows) / sizeof(rows[0]) ? rows[i].name : NULL;
}

void ss_check_pass(ss_check_result *result, int evidence, const char *reason)
{
    result->is = SS_CHECK_PASS;
    result->evidence = (uint8_t)evidence;
    snprintf(result->reason, sizeof(result->reason), "%s", reason);
}

void ss_check_fail(ss_check_result *result, const char *reason)
{
    result->is = SS_CHECK_FAIL;
    result->evidence = SECSCAN_CONTEXT;
    snprintf(result->reason, sizeof(result->reason), "%s", reason);
}

void ss_check_weak(ss_check_result *result, const char *reason)
{
    result->is = SS_CHECK_WEAK;
    result->evidence = SECSCAN_PATTERN;
    snprintf(result->reason, sizeof(result->reason), "%s", reason);
}

void ss_check_over(ss_check_result *result, const char *reason)
{
    result->is = SS_CHECK_OVER;
    result->evidence = SECSCAN_PATTERN;
    snprintf(result->reason, sizeof(result->reason), "%s", reason);
}

void ss_check_never(ss_check_result *result, const char *reason)
{
    result->is = SS_CHECK_NEVER;
    result->evidence = SECSCAN_CONTEXT;
    snprintf(result->reason, sizeof(result->reason), "%s", reason);
}

void ss_check_unsure(ss_check_result *result, const char *reason)
{
    result->is = SS_CHECK_UNSURE;
    result->evidence = SECSCAN_PATTERN;
    snprintf(result->reason, sizeof(result->reason), "%s", reason);
}

void ss_check_sum(ss_check_result *result, int is_right)
{
    if (is_right)
        ss_check_pass(result, SECSCAN_CHECKSUM, "its checksum is right");
    else
        ss_check_fail(result, "its checksum is wrong");
}

/* A nibble at a time: 64 bytes of table, and tokens are short. */
uint32_t ss_crc32(ss_bytes s)
{
    static const uint32_t table[16] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
        0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
        0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
    uint32_t crc = 0xffffffffu;

    for (size_t i = 0; i < s.len; i++) {
        crc ^= s.data[i];
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    return ~crc;
}

void ss_base62(char *out, size_t n, uint32_t value)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz";

    for (size_t i = n; i > 0; i--) {
        out[i - 1] = digits[value % 62];
        value /= 62;
    }
}

/*
 * check_family.h: what the families of checks share, and their functions, one
 * row of check.c each. A secret is whatever a pattern let through: a check says
 * UNSURE to a form that is not its own.
 */
#ifndef SS_CHECK_FAMILY_H
#define SS_CHECK_FAMILY_H

#include "scan/check.h"

#include <secscan.h>

/* Longest secret that is decoded on the stack. */
#define SS_CHECK_SHORT 512u

void ss_check_pass(ss_check_result *result, int evidence, const char *reason);
void ss_check_fail(ss_check_result *result, const char *reason);
void ss_check_never(ss_check_result *result, const char *reason);
void ss_check_weak(ss_check_result *result, const char *reason);
void ss_check_over(ss_check_result *result, const char *reason);
void ss_check_unsure(ss_check_result *result, const char *reason);
/* PASS by checksum or FAIL. */
void ss_check_sum(ss_check_result *result, int is_right);

/* Decoders: the number of bytes, or SIZE_MAX when the text is not of the
 * alphabet or does not fit. Padding is optional, spare bits are ignored. */
size_t ss_unbase64(uint8_t *out, size_t cap,
                   ss_bytes text); /* both alphabets */
size_t ss_unbase32(uint8_t *out, size_t cap, ss_bytes text); /* both cases */

/* `s` without its first `from` bytes, at most `len` long. */
static inline ss_bytes ss_cut(ss_bytes s, size_t from, size_t len)
{
    if (from > s.len)
        from = s.len;
    if (len > s.len - from)
        len = s.len - from;
    return (ss_bytes){s.data + from, len};
}
/* UTF-8 with no control characters in it. */
int ss_is_text(ss_bytes s);
/* Offset of the first `c`, SIZE_MAX when there is none. */
size_t ss_find_byte(ss_bytes s, uint8_t c);

/* check_crc.c */
void ss_check_github(ss_bytes secret, ss_bytes match, ss_check_result *result);
void ss_check_npm(ss_bytes secret, ss_bytes match, ss_check_result *result);
void ss_check_vercel(ss_bytes secret, ss_bytes match, ss_check_result *result);
void ss_check_polar(ss_bytes secret, ss_bytes match, ss_check_result *result);
void ss_check_gitlab(ss_bytes secret, ss_bytes match, ss_check_result *result);
void ss_check_grafana(ss_bytes secret, ss_bytes match, ss_check_result *result);
void ss_check_cloudflare(ss_bytes secret, ss_bytes match,
                         ss_check_result *result);
void ss_check_zuplo(ss_bytes secret, ss_bytes match, ss_check_result *result);
void ss_check_confluent(ss_bytes secret, ss_bytes match,
                        ss_check_result *result);
void ss_check_atlassian(ss_bytes secret, ss_bytes match,
                        ss_check_result *result);

/* check_azure.c */
void ss_check_devops_pat(ss_bytes secret, ss_bytes match,
                         ss_check_result *result);
void ss_check_identifiable(ss_bytes secret, ss_bytes match,
                           ss_check_result *result);
void ss_check_cask(ss_bytes secret, ss_bytes match, ss_check_result *result);
void ss_check_entra(ss_bytes secret, ss_bytes match, ss_check_result *result);
uint32_t ss_marvin32(ss_bytes data, const char seed[8]);

/* check_seed.c */
void ss_check_bech32(ss_bytes secret, ss_bytes match, ss_check_result *result);
void ss_check_nats(ss_bytes secret, ss_bytes match, ss_check_result *result);
void ss_check_stellar(ss_bytes secret, ss_bytes match, ss_check_result *result);

/* check_aws.c */
void ss_check_aws_id(ss_bytes secret, ss_bytes match, ss_check_result *result);
void ss_check_bedrock(ss_bytes secret, ss_bytes match, ss_check_result *result);

/* check_token.c */
void ss_check_pypi(ss_bytes secret, ss_bytes match, ss_check_result *result);
void ss_check_nuget(ss_bytes secret, ss_bytes match, ss_check_result *result);
void ss_check_discord(ss_bytes secret, ss_bytes match, ss_check_result *result);
void ss_check_telegram(ss_bytes secret, ss_bytes match,
                       ss_check_result *result);
void ss_check_openai(ss_bytes secret, ss_bytes match, ss_check_result *result);
void ss_check_anthropic(ss_bytes secret, ss_bytes match,
                        ss_check_result *result);
void ss_check_groq(ss_bytes secret, ss_bytes match, ss_check_result *result);
void ss_check_vault(ss_bytes secret, ss_bytes match, ss_check_result *result);
void ss_check_jfrog(ss_bytes secret, ss_bytes match, ss_check_result *result);
void ss_check_atlassian_dc(ss_bytes secret, ss_bytes match,
                           ss_check_result *result);
void ss_check_supabase(ss_bytes secret, ss_bytes match,
                       ss_check_result *result);
void ss_check_uuid(ss_bytes secret, ss_bytes match, ss_check_result *result);

/* check_json.c */
void ss_check_sentry(ss_bytes secret, ss_bytes match, ss_check_result *result);
void ss_check_grafana_cloud(ss_bytes secret, ss_bytes match,
                            ss_check_result *result);
void ss_check_mapbox(ss_bytes secret, ss_bytes match, ss_check_result *result);

void ss_check_docker_config(ss_bytes secret, ss_bytes match,
                            ss_check_result *result);

/* check_jwt.c */
void ss_check_jwt(ss_bytes secret, ss_bytes match, ss_check_result *result);
void ss_check_jwt_secret(ss_bytes secret, ss_bytes match,
                         ss_check_result *result);

/* check_key.c */
void ss_check_private_key(ss_bytes secret, ss_bytes match,
                          ss_check_result *result);

/* check_hash.c */
void ss_check_hash(ss_bytes secret, ss_bytes match, ss_check_result *result);

/* check_password.c */
void ss_check_password_length(ss_bytes secret, ss_bytes match,
                              ss_check_result *result);

/* check_obfuscated.c */
void ss_check_base64_password(ss_bytes secret, ss_bytes match,
                              ss_check_result *result);
void ss_check_cisco7(ss_bytes secret, ss_bytes match, ss_check_result *result);
void ss_check_cpassword(ss_bytes secret, ss_bytes match,
                        ss_check_result *result);
void ss_check_juniper9(ss_bytes secret, ss_bytes match,
                       ss_check_result *result);
void ss_check_rclone(ss_bytes secret, ss_bytes match, ss_check_result *result);
void ss_check_unattend(ss_bytes secret, ss_bytes match,
                       ss_check_result *result);
void ss_check_websphere(ss_bytes secret, ss_bytes match,
                        ss_check_result *result);
void ss_check_winscp(ss_bytes secret, ss_bytes match, ss_check_result *result);

/* check_raw.c */
void ss_check_base64_url(ss_bytes secret, ss_bytes match,
                         ss_check_result *result);
void ss_check_basic(ss_bytes secret, ss_bytes match, ss_check_result *result);
void ss_check_fernet(ss_bytes secret, ss_bytes match, ss_check_result *result);
void ss_check_laravel(ss_bytes secret, ss_bytes match, ss_check_result *result);
void ss_check_wireguard(ss_bytes secret, ss_bytes match,
                        ss_check_result *result);

/* check_url.c */
void ss_check_signed_url(ss_bytes secret, ss_bytes match,
                         ss_check_result *result);

/* check_wallet.c */
void ss_check_extended_key(ss_bytes secret, ss_bytes match,
                           ss_check_result *result);
void ss_check_seed_phrase(ss_bytes secret, ss_bytes match,
                          ss_check_result *result);
void ss_check_wif(ss_bytes secret, ss_bytes match, ss_check_result *result);

#endif

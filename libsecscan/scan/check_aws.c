/*
 * check_aws.c: what is written inside AWS's identifiers.
 */
#include "scan/check_family.h"

#include <inttypes.h>
#include <stdio.h>

/* Six bytes of the body, big-endian, are a number with the account in bits 7
 * to 46. Ids since about 2019 have bit 47 set; ids whose fifth letter is I or J
 * are older than the scheme. */
void ss_check_aws_id(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    uint8_t raw[10];
    uint64_t number = 0;
    char reason[80];

    (void)match;
    if (secret.len != 20) {
        ss_check_unsure(result, "not the length of an access key id");
        return;
    }
    if (ss_unbase32(raw, sizeof(raw), ss_cut(secret, 4, 16)) != 10) {
        ss_check_fail(result, "0, 1, 8 and 9 do not occur in real ids");
        return;
    }
    for (size_t i = 0; i < 6; i++)
        number = number << 8 | raw[i];
    if (secret.data[4] == 'I' || secret.data[4] == 'J') {
        ss_check_pass(result, SECSCAN_PATTERN, "an id of before 2019");
        return;
    }
    snprintf(reason, sizeof(reason), "of the AWS account %012" PRIu64,
             (number & 0x7fffffffff80u) >> 7);
    ss_check_pass(result, number >> 47 ? SECSCAN_STRUCTURE : SECSCAN_PATTERN,
                  reason);
}

void ss_check_bedrock(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    uint8_t raw[SS_CHECK_SHORT];
    size_t len;

    (void)match;
    len = ss_unbase64(raw, sizeof(raw), ss_cut(secret, 4, SIZE_MAX));
    if (len == SIZE_MAX)
        ss_check_unsure(result, "not base64");
    else if (ss_bytes_starts((ss_bytes){raw, len}, "BedrockAPIKey-"))
        ss_check_pass(result, SECSCAN_STRUCTURE, "it decodes to a Bedrock key");
    else
        ss_check_fail(result, "it does not decode to a Bedrock key");
}

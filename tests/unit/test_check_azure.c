#include "check_case.h"

#define S9 "Synthetic"
#define WORDS "SyntheticExampleNotARealToken"
#define FIFTY_TWO WORDS "SyntheticExampleNotARea"

static void test_check_azure__devops_token(void **state)
{
    (void)state;
    check_sample("azure-devops-pat",
                 "aaatoaqdaqc3cyiga4eascqlb|qgq4dyqcejhaeyuculbogazdinq", 20,
                 SS_CHECK_FAIL);
    CHECK_INT(verdict_of("azure-devops-pat", "too|short"), SS_CHECK_UNSURE);
}

static void test_check_azure__identifiable_keys(void **state)
{
    (void)state;
    check_sample("azure-identifiable",
                 S9 S9 S9 S9 S9 S9 S9 S9 "Synt|+AS|tNwHS3A==", 20,
                 SS_CHECK_FAIL);
    check_sample("azure-identifiable",
                 S9 S9 S9 S9 S9 S9 S9 S9 "Synt|AC|DbRxiLyg==", 20,
                 SS_CHECK_FAIL);
    check_sample("azure-identifiable", S9 S9 S9 "Synthe|+A|SbKcVugA=", 20,
                 SS_CHECK_FAIL);
    check_sample("azure-identifiable", S9 S9 S9 S9 "Synthe|+AC|RDWbAzt", 20,
                 SS_CHECK_FAIL);
    check_sample("azure-identifiable", S9 S9 S9 S9 "Syntheti|Az|FukTpLCw==", 20,
                 SS_CHECK_FAIL);
}

static void test_check_azure__keys_without_a_signature(void **state)
{
    (void)state;
    CHECK_INT(verdict_of("azure-identifiable", S9 S9 S9 S9 "Synthet="),
              SS_CHECK_UNSURE);
    CHECK_INT(verdict_of("azure-identifiable", ""), SS_CHECK_UNSURE);
}

static void test_check_azure__annotated_keys(void **state)
{
    (void)state;
    check_sample("azure-cask", FIFTY_TWO "|JQQ|J99BCAAAAAAAAAAAAAAABACOGBHER",
                 20, SS_CHECK_FAIL);
    check_sample("azure-cask", FIFTY_TWO "|JQQ|J99BFAAAAAAAAAAAAAAASAZDO2mMV",
                 20, SS_CHECK_FAIL);
}

static void test_check_azure__entra_secret(void **state)
{
    (void)state;
    check_sample("entra-secret", "Syn|8Q|~" WORDS "Sy|aDW", 10, SS_CHECK_FAIL);
    CHECK_INT(verdict_of("entra-secret", "Syn|7Q|~" WORDS "Sy|aDW"),
              SS_CHECK_UNSURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_check_azure__devops_token),
        TEST(test_check_azure__identifiable_keys),
        TEST(test_check_azure__keys_without_a_signature),
        TEST(test_check_azure__annotated_keys),
        TEST(test_check_azure__entra_secret),
    };

    return RUN(tests);
}

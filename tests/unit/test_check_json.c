#include "check_case.h"

static void test_check_json__sentry(void **state)
{
    const char *json = "{\"iat\":1,\"url\":\"u\",\"region_url\":\"r\","
                       "\"org\":\"o\"}";

    (void)state;
    CHECK_INT(check_prefixed("sentry-org-token", "sn|trys_", json, "_abc").is,
              SS_CHECK_PASS);
    CHECK_INT(check_prefixed("sentry-org-token", "sn|trys_", "{}", "_abc").is,
              SS_CHECK_FAIL);
    CHECK_INT(check_prefixed("sentry-org-token", "sn|trys_", json, "").is,
              SS_CHECK_UNSURE);
}

static void test_check_json__grafana_cloud(void **state)
{
    (void)state;
    CHECK_INT(check_prefixed("grafana-cloud", "gl|c_",
                             "{\"o\":\"1\",\"n\":\"n\",\"k\":\"x\",\"m\":{}}",
                             "")
                  .is,
              SS_CHECK_PASS);
    CHECK_INT(check_prefixed("grafana-cloud", "",
                             "{\"k\":\"x\",\"n\":\"n\",\"id\":1}", "")
                  .is,
              SS_CHECK_PASS);
    /* A link to an embedded report. */
    CHECK_INT(check_prefixed("grafana-cloud", "",
                             "{\"k\":\"x\",\"t\":\"n\",\"c\":1}", "")
                  .is,
              SS_CHECK_FAIL);
}

static void test_check_json__mapbox(void **state)
{
    const char *json = "{\"u\":\"someone\",\"a\":\"id\"}";

    (void)state;
    CHECK_INT(check_prefixed("mapbox-token", "s|k.", json, ".abc").is,
              SS_CHECK_PASS);
    CHECK_INT(check_prefixed("mapbox-token", "p|k.", json, ".abc").is,
              SS_CHECK_WEAK);
    CHECK_INT(check_prefixed("mapbox-token", "s|k.", "{}", ".abc").is,
              SS_CHECK_UNSURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_check_json__sentry),
        TEST(test_check_json__grafana_cloud),
        TEST(test_check_json__mapbox),
    };

    return RUN(tests);
}

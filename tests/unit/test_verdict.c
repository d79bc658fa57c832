#include "line_case.h"

#include "scan/verdict.h"

static int is_credential(ss_bytes line, size_t at, size_t len)
{
    return ss_score(line, at, len, NULL) >= SS_LEAST_SCORE;
}

#define CREDENTIAL(...) LINES(is_credential, 1, __VA_ARGS__)
#define NO_CREDENTIAL(...) LINES(is_credential, 0, __VA_ARGS__)

static void test_verdict__passwords(void **state)
{
    (void)state;
    CREDENTIAL(
        "password = \"${hunter2}$\"", "password: ${kx7Qp2mZ}$",
        "DB_PASSWORD=${monkey77}$", "PASSWORD=${p-kx7%Qp}$",
        "\"password\": \"${xqzvkw}$\",", "password = '${Tr0ub4dor&3}$'",
        "$password = \"${kx7Qp2mZ}$\";", "<password>${kx7Qp2mZ}$</password>",
        "password = Some(\"${kx7Qp2mZ}$\")", "pw := \"${kx7Qp2mZ}$\"",
        "password: str = \"${kx7Qp2mZ}$\"", "setPassword(\"${kx7Qp2mZ}$\")",
        ":password => '${kx7Qp2mZ}$'", "PASSWORD=${83640275}$",
        "config['password'] = \"${kx7Qp2mZ}$\"");
}

static void test_verdict__name_may_stand_apart(void **state)
{
    (void)state;
    CREDENTIAL("<add key=\"MailPassword\" value=\"${kx7Qp2mZ}$\"/>",
               "set(\"db.password\", \"${kx7Qp2mZ}$\")",
               "login --password ${kx7Qp2mZ}$",
               "- name: DB_PASSWORD\n  value: ${kx7Qp2mZ}$",
               "config:set SMTP_PASSWORD=${kx7Qp2mZ}$");
    NO_CREDENTIAL("<add key=\"MailHost\" value=\"${kx7Qp2mZ}$\"/>",
                  "set(\"db.hostname\", \"${kx7Qp2mZ}$\")",
                  "login --name ${kx7Qp2mZ}$");
}

static void test_verdict__tokens(void **state)
{
    (void)state;
    CREDENTIAL("token = \"${4f1c9b27e06da8354f1d9b27}$\"",
               "API_KEY=${kx7Qp2mZ9vRtW4nS}$", "secret: '${kqxzvwpmtrg}$'",
               "client_secret = \"${kx7Qp2mZ-9vRtW4nS}$\"",
               "apiToken: \"${3f2b8c1e-7d46-4a59-9b03-5e8f17c2d6a4}$\"",
               "key = \"${kx7Qp2mZ9vRtW4nSbY6c}$\"",
               "ACCESS_TOKEN=${8364027519384756}$");
}

static void test_verdict__names_and_words_are_not(void **state)
{
    (void)state;
    NO_CREDENTIAL(
        "password = \"${wrongPassword}$\"", "token = \"${access_token}$\"",
        "secret = \"${CLIENT_SECRET_NAME}$\"", "key = '${window.location}$'",
        "password: ${required}$", "token = '${next-page-token}$'",
        "secret: ${my-app-credentials}$", "auth: '${LoginController}$'",
        "password = \"${Please enter it again}$\"",
        "$lang['user_pass'] = '${Adgangskode}$';",
        "$labels['password'] = '${Lozinka}$';",
        "translation_key=\"${pmsx003_caqi_level}$\",",
        "api_key = \"${users.settings.profile}$\"",
        "password: '${letters_and_digits2}$'", "token = \"${abc}$\"");
}

static void test_verdict__other_forms_are_not(void **state)
{
    (void)state;
    NO_CREDENTIAL(
        "key = \"${/usr/share/certificates/main}$\"",
        "secret = '${./config/secret.yml}$'", "key: ${server.pem}$",
        "token_url = \"${kx7Qp2mZ9vRtW4nS}$\"",
        "token: '${https://host/kx7Qp2mZ9}$'", "key = '${10.20.30.40:80}$'",
        "password = '${^[a-z0-9]{8,}$}$'", "key = \"${image/svg+xml}$\"",
        "token = '${2024-01-01T00:00:00Z}$'", "secret = '${#a1b2c3}$'",
        "password = '${someone9@host.org}$'", "auth = '${sha256-kx7Qp2}$'",
        "key = '${AAAAB3NzaC1yc2EAAAADAQ7Q}$'", "secret = \"${HS256}$\"",
        "password = '${$2b$10$kx7Qp2mZ9vRtW4nS}$'",
        "key = '${iVBORw0KGgoAAAANSUhEUg9Q}$'", "password = '${<b>kx7</b>}$'",
        "api_key = '${1.2.3.4-rc1}$'", "parse-passwd: ${^1.0.0}$",
        "\"parse-passwd\": \"${~12.4.1}$\"");
}

static void test_verdict__name_about_a_credential_is_not_it(void **state)
{
    (void)state;
    NO_CREDENTIAL(
        "password_length = ${1372839}$", "key_id = \"${kx7Qp2mZ9vRt}$\"",
        "token_type = '${kx7Qp2mZ9}$'",
        "public_key = \"${kx7Qp2mZ9vRtW4nSbY6c}$\"",
        "PublicKeyToken=${b77a5c561934e08a}$",
        "password_hash = '${kx7Qp2mZ9vRt}$'", "secret_name: ${kx7qp2mz}$",
        "token_expiry = ${1700000000000}$",
        "site_key: '${kx7Qp2mZ9vRtW4nSbY6c}$'");
}

static void test_verdict__digest_of_something_is_not(void **state)
{
    (void)state;
    NO_CREDENTIAL("key: sha256 ${4f1c9b27e06da8354f1d9b274f1c9b27e06da835}$",
                  "token = '${4f1c9b27e06da8354f1d9b27e06da835}$' # md5 of it");
}

static void test_verdict__token_of_a_page_or_a_request_is_not(void **state)
{
    (void)state;
    NO_CREDENTIAL("\"NextToken\": \"${kx7Qp2mZ9vRt}$\"",
                  "pageToken: '${kx7Qp2mZ9vRt}$'",
                  "csrf_token = '${kx7Qp2mZ9vRt}$'");
}

/* "another token" */
static void test_verdict__words_in_base64_are_not(void **state)
{
    (void)state;
    NO_CREDENTIAL("token = '${YW5vdGhlciB0b2tlbg==}$'");
}

static void test_verdict__bare_code_is_not(void **state)
{
    (void)state;
    NO_CREDENTIAL("password = ${f(kx7)}$", "token = ${x[kx7Q]}$",
                  "password = ${{kx7Qp}$", "password = ${*kx7Qp2}$",
                  "MAX_PASSWORD = ${123987}$");
}

static void test_verdict__control_bytes_and_other_scripts_are_not(void **state)
{
    (void)state;
    NO_CREDENTIAL("password = '${kx7\x01Qp2}$'",
                  "password = '${p\xc3\xa4ssw0rt9}$'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_verdict__passwords),
        TEST(test_verdict__name_may_stand_apart),
        TEST(test_verdict__tokens),
        TEST(test_verdict__names_and_words_are_not),
        TEST(test_verdict__other_forms_are_not),
        TEST(test_verdict__name_about_a_credential_is_not_it),
        TEST(test_verdict__digest_of_something_is_not),
        TEST(test_verdict__token_of_a_page_or_a_request_is_not),
        TEST(test_verdict__words_in_base64_are_not),
        TEST(test_verdict__bare_code_is_not),
        TEST(test_verdict__control_bytes_and_other_scripts_are_not),
    };

    return RUN(tests);
}

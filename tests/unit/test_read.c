#include "line_case.h"

#include "scan/filter.h"

#define READS(...) LINES(ss_is_read, 1, __VA_ARGS__)
#define LITERALS(...) LINES(ss_is_read, 0, __VA_ARGS__)

static void test_read__environment(void **state)
{
    (void)state;
    READS("password = ${os.getenv(\"DB_PASSWORD\")}$",
          "password = os.getenv(\"${DB_PASSWORD}$\")",
          "token = os.environ[\"${API_TOKEN}$\"]",
          "token = ${os.environ}$[\"API_TOKEN\"]",
          "token = os.environ.get('${API_TOKEN}$')",
          "token = config('${API_TOKEN}$')", "token = env('${API_TOKEN}$')",
          "token: ${process.env.API_TOKEN}$,", "token = ENV['${API_TOKEN}$']",
          "token = ENV.fetch('${API_TOKEN}$')",
          "token = System.getenv(\"${API_TOKEN}$\")",
          "token = getenv(\"${API_TOKEN}$\");",
          "token := os.Getenv(\"${API_TOKEN}$\")",
          "let t = std::env::var(\"${API_TOKEN}$\")?;",
          "$token = $_ENV['${API_TOKEN}$'];", "token: ${${{ secrets.TOKEN }}}$",
          "var t = Environment.GetEnvironmentVariable(\"${API_TOKEN}$\");",
          "token = ${import.meta.env.VITE_TOKEN}$");
}

static void test_read__default_of_a_reading_call_is_a_literal(void **state)
{
    (void)state;
    LITERALS("p = os.getenv(\"DB_PASSWORD\", \"${kx7Qp2mZ}$\")",
             "p = config('PASSWORD', default='${kx7Qp2mZ}$')",
             "p = ENV.fetch('PASSWORD', '${kx7Qp2mZ}$')");
}

static void test_read__references(void **state)
{
    (void)state;
    READS("password: ${vault:secret/data/db#password}$",
          "password: '${vault:secret/data/db#password}$'",
          "secret: ${arn:aws:secretsmanager:eu-west-1:1:secret:x}$",
          "pass: '${{{resolve:ssm:/db/password:1}}}$'",
          "token: \"${op://vault/item/token}$\"", "password: ${!vault}$",
          "password: ${ENC[AES256_GCM,data:kx7Q]}$",
          "password: '${{cipher}4f1c9b27}$'",
          "password_file: ${/run/secrets/db}$");
}

static void test_read__expressions(void **state)
{
    (void)state;
    READS("password = ${get_password}$()", "token = ${self.token}$",
          "secret: ${settings.SECRET}$", "pwd = ${args.pwd}$",
          "key = ${getattr(obj}$, 'key')", "password = ${var.db_password}$",
          "password = ${random_password.db.result}$",
          "password: ${.Values.db.password}$", "token = ${@token}$",
          "password: ${user.password}$,", "$p = ${$this->password}$;",
          "auto p = ${config->password}$;", "token = ${Token::new}$(x)",
          "password = ${@user.password}$", "token = ${await fetchToken}$()",
          "password = ${first_part}$ + second_part",
          "token = ${request.headers}$['x']", "password = ${:prompt}$",
          "token = ${a.token.c}$;", "secret = ${await}$");
}

static void test_read__types_and_comparisons(void **state)
{
    (void)state;
    READS("password: ${string}$;", "token: ${Optional[str]}$ = None",
          "fn f(token: ${&str}$)", "  password: ${String}$,",
          "def f(token: ${str}$):", "if password == ${other}$:",
          "if (token !== ${undefined}$)");
}

static void test_read__names_of_subscripts_and_getters(void **state)
{
    (void)state;
    READS("x = row[\"${password}$\"]", "x = params['${access_token}$']",
          "x = data.get(\"${refresh_token}$\")",
          "x = request.getParameter(\"${password}$\")",
          "el = form.getString('${user_password}$')");
}

static void test_read__literals(void **state)
{
    (void)state;
    LITERALS(
        "password = \"${kx7Qp2mZ}$\"", "PASSWORD=${kx7Qp2mZ}$",
        "password: ${kx7Qp2mZ}$", "setPassword(\"${kx7Qp2mZ}$\")",
        "passwords = [\"${kx7Qp2mZ}$\"]",
        "db = connect(\"me\", \"${kx7Qp2mZ}$\")",
        "{\"password\": \"${kx7Qp2mZ}$\"}", "config.password = '${kx7Qp2mZ}$'",
        "headers[\"x\"] = \"${kx7Qp2mZ}$\"",
        "token = ${eyJhbGciOiJIUzI1NiJ9."
        "eyJzdWIiOiIxIn0.kx7Qp2mZ9vRt}$",
        "url = http://me.you:${kx7Qp2mZ}$@host.example.org/",
        "if password == \"${kx7Qp2mZ}$\":", "TOKEN=${kx7q-p2mz-9vrt-w4ns}$");
}

/* Whatever stands around it, what no name is made of is no expression. */
static void test_read__tokens_in_text_are_literals(void **state)
{
    (void)state;
    LITERALS("[link](${ghq_kx7Qp2mZ9vRtW4nSbY6c}$)",
             "me,${KX7QP2MZ9VRTW4NSBY6C}$,x", "see [${kx7Qp2mZ9vRtW4nSbY6c}$]",
             "x == ${kx7Qp2mZ9vRtW4nSbY6c}$", "${kx7Qp2mZ9vRtW4nSbY6c}$",
             "use ${kx7Qp2mZ9vRtW4nSbY6c}$ here",
             "Bearer ${kx7Qp2mZ9vRtW4nSbY6c.9vRtW4nSbY6ckx7Qp2mZ.x}$",
             "fetch('${https://hooks.host/services/Kx7Qp2/mZ9vRt}$')",
             "curl ${https://hooks.host/services/Kx7Qp2/mZ9vRt}$",
             "-H 'X-Token: ${kx7Qp2mZ9vRtW4nSbY6c}$'",
             "client = Client(\"${kx7Qp2mZ9vRtW4nSbY6c}$\")",
             "(${kx7Qp2mZ9vRtW4nSbY6c}$)", "<a>${kx7Qp2mZ9vRtW4nSbY6c}$</a>",
             "AccountKey=${kx7Qp2mZ9vRtW4nSbY6c==}$;Suffix=core.host.net");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_read__environment),
        TEST(test_read__default_of_a_reading_call_is_a_literal),
        TEST(test_read__references),
        TEST(test_read__expressions),
        TEST(test_read__types_and_comparisons),
        TEST(test_read__names_of_subscripts_and_getters),
        TEST(test_read__literals),
        TEST(test_read__tokens_in_text_are_literals),
    };

    return RUN(tests);
}

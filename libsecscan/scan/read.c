/*
 * read.c: values that are read from elsewhere when the program runs, and bare
 * values that are expressions. A quoted literal is a read only as the name that
 * a reading call or a subscript takes, or as a reference to a vault.
 */
#include "scan/filter.h"

#include "scan/known.h"
#include "scan/setting.h"
#include "scan/word.h"

#define N_OF(table) (sizeof(table) / sizeof((table)[0]))

/* How references to places that keep secrets start, quoted or not. */
static const char *const reference_starts[] = {
    "vault:",
    "vault(",
    "vault.",
    "ref+",
    "op://",
    "arn:aws:secretsmanager",
    "arn:aws:ssm",
    "arn:aws:kms",
    "arn:aws-cn:secretsmanager",
    "{{resolve:",
    "ssm:",
    "secretsmanager:",
    "kms:",
    "awssm:",
    "gcpsm:",
    "gcp:",
    "sm://",
    "keyvault",
    "azurekeyvault",
    "akv://",
    "bws:",
    "doppler:",
    "infisical:",
    "secret://",
    "secrets://",
    "secret:",
    "env:",
    "env(",
    "env.",
    "env|",
    "file:",
    "@microsoft.keyvault",
    "enc[",
    "enc(",
    "{cipher}",
    "!vault",
    "!ref",
    "!sub",
    "!getatt",
    "!env",
    "!secret",
    "!importvalue",
    "!!",
    "fn::",
    "lookup(",
    "query(",
    "hiera(",
    "aws_secretsmanager",
    "/run/secrets/",
    "_file:",
    "keyring:",
    "pass:show",
    "sops:",
    "ansible_",
    "${",
    "$(",
    "$env:",
    "%{",
    "#{",
    "{{",
    "process.env",
    "os.environ",
    "os.getenv",
    "import.meta.env",
    "deno.env",
    "bun.env",
    "std::env",
    "system.getenv",
    "settings.",
    "environ.",
};

/* The last part of what a call that takes a name is named, in lower case and
 * without separators. Sorted. */
/* clang-format off */
static const char *const reading_calls[] = {
    "arg", "attr", "attribute", "column", "config", "configget",
    "configservice", "constant", "debug", "delattr", "env", "environ",
    "environget", "environment", "environmentvariable", "error", "errorf",
    "fetch", "field", "get", "getarg", "getattr", "getattribute", "getbytes",
    "getconfig", "getconfigvalue", "getelementbyid", "getenv",
    "getenvironmentvariable", "getenvvar", "getfield", "getflag", "getheader",
    "getinput", "getinstance", "getitem", "getkey", "getmessage", "getoption",
    "getoptional", "getorthrow", "getparam", "getparameter", "getpass",
    "getpassword", "getproperty", "getrequired", "getsecret", "getsecretvalue",
    "getsetting", "getstring", "gettext", "getvalue", "getvar", "has",
    "hasattr", "i18n", "info", "input", "intern", "isset", "key", "label",
    "log", "lookup", "lookupenv", "mustgetenv", "option", "param", "parameter",
    "pop", "print", "printf", "println", "prompt", "property", "query",
    "queryselector", "readsecret", "requiredenv", "requireenv", "secret",
    "setattr", "setdefault", "setting", "symbol", "t", "translate",
    "unwrapenv", "value", "valueof", "var", "viper", "warn",
};

/* Names of types, where an annotation has them. Sorted. */
static const char *const type_names[] = {
    "any", "array", "auto", "bool", "boolean", "buffer", "byte", "bytea",
    "bytes", "char", "char*", "charfield", "const", "data", "date", "datetime",
    "dict", "double", "dynamic", "final", "float", "hash", "int", "integer",
    "list", "long", "map", "never", "none", "null", "number", "object",
    "option", "optional", "password", "record", "required", "secretstr",
    "securestring", "str", "string", "string?", "symbol", "text", "type",
    "uint8array", "unknown", "uuid", "varchar", "void",
};
/* clang-format on */

static int is_space(uint8_t c)
{
    return c == ' ' || c == '\t';
}

static int is_reference(ss_bytes value)
{
    const char first = (char)ss_lower(value.data[0]);

    for (size_t i = 0; i < N_OF(reference_starts); i++) {
        if (reference_starts[i][0] == first &&
            ss_bytes_starts_nocase(value, reference_starts[i]))
            return 1;
    }
    return 0;
}

/* An id of capitals and digits, as vendors make them: no name has 16 of them
 * without an underscore. */
static int is_id(ss_bytes value)
{
    size_t n_digits = 0;

    for (size_t i = 0; i < value.len; i++) {
        if (ss_is_digit(value.data[i]))
            n_digits++;
        else if (value.data[i] < 'A' || value.data[i] > 'Z')
            return 0;
    }
    return value.len >= 16 && n_digits > 0;
}

/* NAME_OF, name-of, a.b.name, a/b: what a program asks for something by. An
 * address has both dots and slashes. */
static int is_key_name(ss_bytes value)
{
    size_t n_dots = 0, n_slashes = 0;

    for (size_t i = 0; i < value.len; i++) {
        if (!ss_is_alnum(value.data[i]) && !memchr("_-./:", value.data[i], 5))
            return 0;
        n_dots += value.data[i] == '.' ? 1 : 0;
        n_slashes += value.data[i] == '/' ? 1 : 0;
    }
    return ss_is_wordy(value) && !is_id(value) && !(n_dots && n_slashes);
}

/* The last part of `call` with its underscores dropped, in `out`. */
static ss_bytes last_part(char out[32], ss_bytes call)
{
    size_t from = call.len, len = 0;

    while (from > 0 && !memchr(".:>", call.data[from - 1], 3))
        from--;
    for (size_t i = from; i < call.len && len < 32; i++) {
        if (ss_is_alnum(call.data[i]))
            out[len++] = (char)ss_lower(call.data[i]);
    }
    return (ss_bytes){(const uint8_t *)out, len};
}

/* A name as programs write them, whatever its words: kmsKeyId, isAuth8021x. */
static int is_identifier(ss_bytes value)
{
    size_t n_digits = 0;

    for (size_t i = 0; i < value.len; i++) {
        if (!ss_is_alnum(value.data[i]) && value.data[i] != '_')
            return 0;
        n_digits += ss_is_digit(value.data[i]) ? 1 : 0;
    }
    return value.len <= 32 && n_digits * 3 <= value.len &&
           ss_is_alpha(value.data[0]);
}

/* getenv("NAME"): the first argument of a reading call. */
static int is_argument_of_read(const ss_setting *s)
{
    char name[32];

    if (s->op != '(' || !s->is_first_argument ||
        (!is_key_name(s->value) && !is_identifier(s->value)))
        return 0;
    return ss_word_in(last_part(name, s->call), reading_calls,
                      N_OF(reading_calls));
}

/* environ["NAME"], row['password'], ENV["X"]; not an element of a list. */
static int is_subscript(const ss_setting *s)
{
    return s->op == '[' && s->after == ']' && s->call.len > 0 &&
           (s->value.len < 16 || is_key_name(s->value)) &&
           (ss_is_alnum(s->call.data[s->call.len - 1]) ||
            s->call.data[s->call.len - 1] == '_');
}

/* The bare text from the value's start to where the expression could end. */
static ss_bytes expression_at(ss_bytes line, size_t from)
{
    size_t to = from;

    while (to < line.len && !is_space(line.data[to]) &&
           !memchr(",;\"'`", line.data[to], 5))
        to++;
    return (ss_bytes){line.data + from, to - from};
}

static int is_identifier_byte(uint8_t c)
{
    return ss_is_alnum(c) || c == '_' || c == '$' || c == '?' || c == '!' ||
           c == '&' || c == '*';
}

/* name(, a.name(, a::name<T>(, new Name(: a call whose name is made of words;
 * a token is not. */
static int is_call(ss_bytes e)
{
    size_t to = 0;

    while (to < e.len &&
           (is_identifier_byte(e.data[to]) || memchr(".:->", e.data[to], 4)))
        to++;
    if (to == 0 || to == e.len || (e.data[to] != '(' && e.data[to] != '['))
        return 0;
    return to < 5 || ss_is_wordy((ss_bytes){e.data, to});
}

/* A part of a dotted expression; those of tokens (JWT has dots too) are long
 * or start with a digit. */
static int is_part(ss_bytes part)
{
    return part.len < 20 ? !ss_is_digit(part.data[0]) : ss_is_wordy(part);
}

static int has_word(ss_bytes part)
{
    ss_bytes word;
    ss_word_kind kind;

    for (kind = ss_word_next(&part, &word); kind != SS_WORD_END;
         kind = ss_word_next(&part, &word)) {
        if (kind == SS_WORD_LETTERS && word.len > 3 && ss_is_wordlike(word))
            return 1;
    }
    return 0;
}

static int is_dot(ss_bytes e, size_t i)
{
    if (e.data[i] == '-')
        return i + 1 < e.len && e.data[i + 1] == '>';
    if (e.data[i] == '>')
        return i > 0 && e.data[i - 1] == '-';
    return e.data[i] == '.' || e.data[i] == ':' || e.data[i] == '[';
}

/* self.token, a->b, $x->y: at least one part is made of words. A::b always. */
static int is_attribute(ss_bytes e)
{
    size_t n_parts = 0, n_wordy = 0, from = 0;

    while (e.len && memchr(")]}", e.data[e.len - 1], 3))
        e.len--;
    if (e.len && e.data[0] == '@') { /* Ruby's @user.password */
        e.data++;
        e.len--;
    }
    for (size_t i = 0; i <= e.len; i++) {
        const ss_bytes part = {e.data + from, i - from};

        if (i < e.len && is_identifier_byte(e.data[i]))
            continue;
        if (i < e.len && !is_dot(e, i))
            return 0;
        if (part.len && !is_part(part))
            return 0;
        n_parts += part.len > 0;
        if (has_word(part))
            n_wordy++;
        from = i + 1;
    }
    if (ss_bytes_find_nocase(e, ss_bytes_str("::")) != SIZE_MAX)
        n_wordy++;
    return n_parts > 1 && n_wordy > 0;
}

/* @name, :name, &name, *name, $name: marks of variables. */
static int is_marked_name(ss_bytes e)
{
    if (e.len < 2 || !memchr("@:&*$", e.data[0], 5))
        return 0;
    for (size_t i = 1; i < e.len; i++) {
        if (!is_identifier_byte(e.data[i]) && !memchr(".)]}", e.data[i], 4))
            return 0;
    }
    return ss_is_alpha(e.data[1]) || e.data[1] == '_' || e.data[1] == '@';
}

static int is_type(ss_bytes e)
{
    size_t to = 0;

    while (to < e.len && (ss_is_alnum(e.data[to]) || e.data[to] == '&'))
        to++;
    if (to < e.len && !memchr("[]<>?|,;)=*!(", e.data[to], 13))
        return 0;
    return ss_word_in((ss_bytes){e.data, to}, type_names, N_OF(type_names));
}

/* new X, await f(), function (, not x, lambda: what stands before or is the
 * value. */
static int is_keyword(ss_bytes e)
{
    static const char *const keywords[] = {
        "async",  "await", "fn",     "func",      "function", "if",
        "lambda", "make",  "new",    "not",       "null",     "self",
        "super",  "this",  "typeof", "undefined", "yield",
    };

    return ss_word_in(e, keywords, N_OF(keywords));
}

/* What stands behind a bare word that is a part of an expression: a + b, a ? b,
 * a || b, a or b, a if b. */
static int is_operand(ss_bytes line, size_t to)
{
    ss_bytes rest;

    while (to < line.len && is_space(line.data[to]))
        to++;
    rest = (ss_bytes){line.data + to, line.len - to};
    return ss_bytes_starts(rest, "+ ") || ss_bytes_starts(rest, "||") ||
           ss_bytes_starts(rest, "&&") || ss_bytes_starts(rest, "? ") ||
           ss_bytes_starts(rest, "?? ") || ss_bytes_starts(rest, "== ") ||
           ss_bytes_starts(rest, "!= ") || ss_bytes_starts(rest, "or ") ||
           ss_bytes_starts(rest, "and ") || ss_bytes_starts(rest, "if ") ||
           ss_bytes_starts(rest, "=> ") || ss_bytes_starts(rest, ". ");
}

static int is_one_of_many(const ss_setting *s)
{
    return s->op == 'c' || s->op == '(' || s->op == ',' || s->op == '[';
}

static int is_expression(const ss_setting *s)
{
    size_t at = (size_t)(s->value.data - s->line.data);
    ss_bytes e = expression_at(s->line, at);

    /* An argument or a comparand; a token may stand in brackets or a table. */
    if (is_one_of_many(s) && is_key_name(s->value))
        return 1;
    if (e.len > 256)
        e.len = 256;
    return is_call(e) || is_attribute(e) || is_marked_name(e) || is_type(e) ||
           is_keyword(e) ||
           (ss_is_wordy(s->value) && is_operand(s->line, at + s->value.len));
}

/* A part of an address: scheme://user:value@host, ?name=value. */
static int is_inside_url(const ss_setting *s)
{
    const uint8_t *from = s->value.data;

    while (from > s->line.data && !is_space(from[-1]) && from[-1] != '"' &&
           from[-1] != '\'')
        from--;
    return ss_bytes_find_nocase(
               (ss_bytes){from, (size_t)(s->value.data - from)},
               ss_bytes_str("://")) != SIZE_MAX;
}

/* Is the value inside of a string, though no quote stands right before it? */
static int is_inside_string(const ss_setting *s)
{
    const uint8_t *start = s->line.data;
    size_t n_double = 0, n_single = 0;

    for (const uint8_t *p = start; p < s->value.data; p++) {
        if (*p == '\\' && p + 1 < s->value.data)
            p++;
        else if (*p == '"')
            n_double++;
        else if (*p == '\'')
            n_single++;
    }
    return n_double % 2 == 1 || n_single % 2 == 1;
}

int ss_is_read(ss_bytes line, size_t secret_at, size_t secret_len)
{
    ss_setting s;

    if (secret_len == 0)
        return 0;
    s = ss_setting_at(line, secret_at, secret_len);
    if (is_reference(s.value))
        return 1;
    if (s.quote)
        return is_argument_of_read(&s) || is_subscript(&s);
    return !is_inside_string(&s) && !is_inside_url(&s) && is_expression(&s);
}

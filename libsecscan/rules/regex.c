/*
 * regex.c: PCRE2 behind regex.h, with a bound on everything a pattern can use
 * up. Knows nothing of rules or of where the bytes come from.
 */
#include "rules/regex.h"

#include "base/alloc.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define MAX_PATTERN ((size_t)64 << 10)
/* A window is at most some 66 KB: what an honest pattern needs on it is far
 * below these, and all three together keep a hostile one under a second. */
#define MATCH_LIMIT 1000000u
#define DEPTH_LIMIT 100000u
#define HEAP_LIMIT_KIB 20000u
#define JIT_STACK_START ((size_t)32 << 10)
#define JIT_STACK_MAX ((size_t)1 << 20)

struct ss_regex {
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack; /* NULL until the machine stack was too small */
};

static int fail_compile(secscan_error *err, int number, size_t offset)
{
    unsigned char text[160] = "";
    int rc;

    if (number == PCRE2_ERROR_NOMEMORY || number == 121 /* heap failed */)
        return ss_fail_nomem(err);
    (void)pcre2_get_error_message(number, text, sizeof(text));
    rc = ss_fail(err, SECSCAN_ERR_RULE, "regular expression: %s", text);
    if (err)
        err->column = (uint32_t)offset + 1;
    return rc;
}

static int compile_code(ss_regex *regex, const char *pattern, uint32_t flags,
                        secscan_error *err)
{
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    uint32_t options =
        PCRE2_USE_OFFSET_LIMIT | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP;
    PCRE2_SIZE offset = 0;
    int number = 0;

    if (!context)
        return ss_fail_nomem(err);
    if (flags & SS_REGEX_CASELESS)
        options |= PCRE2_CASELESS;
    /* The defaults of a build of PCRE2 must not change a result. */
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    pcre2_set_bsr(context, PCRE2_BSR_UNICODE);
    pcre2_set_max_pattern_length(context, MAX_PATTERN);
    regex->code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                                options, &number, &offset, context);
    pcre2_compile_context_free(context);
    if (!regex->code)
        return fail_compile(err, number, offset);
    return 0;
}

static int check_groups(const ss_regex *regex, secscan_error *err)
{
    uint32_t n = 0;

    pcre2_pattern_info(regex->code, PCRE2_INFO_CAPTURECOUNT, &n);
    if (n >= SS_REGEX_MAX_GROUPS)
        return ss_fail(err, SECSCAN_ERR_RULE,
                       "%u groups, at most %u are possible: use (?:...)", n,
                       SS_REGEX_MAX_GROUPS - 1);
    return 0;
}

static int make_match_state(ss_regex *regex, secscan_error *err)
{
    regex->context = pcre2_match_context_create(NULL);
    regex->data = pcre2_match_data_create_from_pattern(regex->code, NULL);
    if (!regex->context || !regex->data)
        return ss_fail_nomem(err);
    pcre2_set_match_limit(regex->context, MATCH_LIMIT);
    pcre2_set_depth_limit(regex->context, DEPTH_LIMIT);
    pcre2_set_heap_limit(regex->context, HEAP_LIMIT_KIB);
    /* Without JIT (not built in, no executable memory) the interpreter runs:
     * slower, the same matches. */
    (void)pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE);
    return 0;
}

int ss_regex_new(ss_regex **out, const char *pattern, uint32_t flags,
                 secscan_error *err)
{
    ss_regex *regex = ss_calloc(1, sizeof(*regex));
    int rc;

    if (!regex)
        return ss_fail_nomem(err);
    rc = compile_code(regex, pattern, flags, err);
    if (rc)
        goto out;
    rc = check_groups(regex, err);
    if (rc)
        goto out;
    rc = make_match_state(regex, err);
    if (rc)
        goto out;
    *out = regex;
    regex = NULL;
out:
    ss_regex_free(regex);
    return rc;
}

int ss_regex_check(const char *pattern, uint32_t flags, secscan_error *err)
{
    ss_regex regex = {NULL, NULL, NULL, NULL};
    int rc = compile_code(&regex, pattern, flags, err);

    if (rc == 0)
        rc = check_groups(&regex, err);
    pcre2_code_free(regex.code);
    return rc;
}

void ss_regex_free(ss_regex *regex)
{
    if (!regex)
        return;
    pcre2_jit_stack_free(regex->stack);
    pcre2_match_data_free(regex->data);
    pcre2_match_context_free(regex->context);
    pcre2_code_free(regex->code);
    ss_free(regex);
}

static int grow_stack(ss_regex *regex)
{
    if (regex->stack)
        return SS_REGEX_LIMIT;
    regex->stack = pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_MAX, NULL);
    if (!regex->stack)
        return SECSCAN_ERR_NOMEM;
    pcre2_jit_stack_assign(regex->context, NULL, regex->stack);
    return 0;
}

static int status_of(int rc)
{
    switch (rc) {
    case PCRE2_ERROR_NOMATCH:
        return SS_REGEX_NONE;
    case PCRE2_ERROR_MATCHLIMIT:
    case PCRE2_ERROR_DEPTHLIMIT:
    case PCRE2_ERROR_HEAPLIMIT:
    case PCRE2_ERROR_JIT_STACKLIMIT:
    case PCRE2_ERROR_RECURSELOOP:
        return SS_REGEX_LIMIT;
    case PCRE2_ERROR_NOMEMORY:
        return SECSCAN_ERR_NOMEM;
    default:
        return SECSCAN_ERR_INTERNAL;
    }
}

/* PCRE2's count of groups that took part, or a status as regex.h has it in
 * *status. */
static int run(ss_regex *regex, ss_bytes subject, size_t from, size_t to,
               int *status)
{
    static const uint8_t none[1];
    const uint8_t *data = subject.data ? subject.data : none;
    int rc;

    pcre2_set_offset_limit(regex->context, to);
    rc = pcre2_match(regex->code, data, subject.len, from, 0, regex->data,
                     regex->context);
    if (rc == PCRE2_ERROR_JIT_STACKLIMIT) {
        *status = grow_stack(regex);
        if (*status)
            return -1;
        rc = pcre2_match(regex->code, data, subject.len, from, 0, regex->data,
                         regex->context);
    }
    *status = rc > 0 ? 0 : status_of(rc);
    return rc;
}

static void copy_groups(const ss_regex *regex, int n, ss_regex_match *match)
{
    const PCRE2_SIZE *pairs = pcre2_get_ovector_pointer(regex->data);
    size_t n_groups = pcre2_get_ovector_count(regex->data);

    match->n_groups = n_groups;
    for (size_t i = 0; i < n_groups; i++) {
        int took_part = i < (size_t)n && pairs[2 * i] != PCRE2_UNSET;

        match->group[i].from = took_part ? pairs[2 * i] : SIZE_MAX;
        match->group[i].to = took_part ? pairs[2 * i + 1] : SIZE_MAX;
    }
}

int ss_regex_find(ss_regex *regex, ss_bytes subject, size_t from, size_t to,
                  ss_regex_match *match)
{
    int status = 0;
    int n;

    ss_assert(to <= subject.len);
    if (from > to)
        return SS_REGEX_NONE;
    n = run(regex, subject, from, to, &status);
    if (status)
        return status;
    copy_groups(regex, n, match);
    return 0;
}

int ss_regex_test(ss_regex *regex, ss_bytes subject)
{
    int status = 0;

    (void)run(regex, subject, 0, subject.len, &status);
    if (status == 0)
        return 1;
    return status == SS_REGEX_NONE ? 0 : status;
}

/*
 * mark.c: `secscan:allow [rule] reason` and `gitleaks:allow` in the line(s) of
 * a finding. What the comment around it looks like does not matter.
 */
#include "policy.h"

static const char own_mark[] = "secscan:allow";
static const char gitleaks_mark[] = "gitleaks:allow";

/* Behind the first of `mark` in the text; 0: it is not there. */
static int find_mark(ss_bytes *rest, ss_bytes text, const char *mark)
{
    size_t len = strlen(mark);
    const uint8_t *at =
        text.len ? memmem(text.data, text.len, mark, len) : NULL;

    if (!at)
        return 0;
    *rest = ss_bytes_of(at + len, text.len - len - (size_t)(at - text.data));
    return 1;
}

/* The rest of the line that the mark stands in. */
static ss_bytes rest_of_line(ss_bytes rest)
{
    ss_bytes line;

    return ss_bytes_line(&line, &rest) ? line : rest;
}

static int is_letter(uint8_t c)
{
    return ss_is_alnum(c) || c >= 0x80;
}

/* Without what ends a comment behind it and what leads on to it. */
static ss_bytes trim(ss_bytes s)
{
    while (s.len && !is_letter(s.data[0]))
        s = ss_bytes_of(s.data + 1, s.len - 1);
    while (s.len && !is_letter(s.data[s.len - 1]) &&
           !strchr(".)!?\"'", s.data[s.len - 1]))
        s.len--;
    return s;
}

static ss_bytes first_word(ss_bytes s)
{
    size_t len = 0;

    while (len < s.len && s.data[len] > ' ')
        len++;
    while (len && !is_letter(s.data[len - 1]))
        len--;
    return ss_bytes_of(s.data, len);
}

static int is_name_of(const ss_rule *rule, ss_bytes word)
{
    if (ss_bytes_equal(word, ss_bytes_str(rule->id)))
        return 1;
    for (size_t i = 0; i < rule->n_aliases; i++) {
        if (ss_bytes_equal(word, ss_bytes_str(rule->aliases[i])))
            return 1;
    }
    return 0;
}

static int is_any_rule(const ss_rule_set *set, ss_bytes word)
{
    for (size_t i = 0; i < set->n_rules; i++) {
        if (is_name_of(set->rules[i], word))
            return 1;
    }
    return 0;
}

static ss_mark idle(const char *why)
{
    return (ss_mark){SS_MARK_IDLE, {NULL, 0}, why};
}

static ss_mark read_own(const ss_rule_set *set, ss_bytes rest,
                        const ss_rule *rule, uint32_t evidence)
{
    ss_mark mark = {SS_MARK_HIDES, trim(rest_of_line(rest)), NULL};
    ss_bytes word = first_word(mark.reason);

    if (rest.len && is_letter(rest.data[0]))
        return (ss_mark){SS_MARK_NONE, {NULL, 0}, NULL}; /* another word */
    if (is_any_rule(set, word)) {
        if (!is_name_of(rule, word))
            return idle("the mark is for another rule");
        mark.reason = trim(ss_bytes_of(mark.reason.data + word.len,
                                       mark.reason.len - word.len));
    }
    if (!mark.reason.len)
        return idle("the mark gives no reason: secscan:allow [rule] reason");
    if (evidence >= SECSCAN_CHECKSUM)
        return idle("a mark does not hide what has a right checksum: secscan "
                    "allow does");
    return mark;
}

ss_mark ss_mark_read(const secscan_policy *policy, const ss_rule_set *set,
                     ss_bytes line, const ss_rule *rule, uint32_t evidence)
{
    ss_mark mark = {SS_MARK_NONE, {NULL, 0}, NULL};
    ss_bytes rest = line;

    if (policy->flags & SECSCAN_POLICY_NO_INLINE)
        return mark;
    /* Of several marks, for several rules, one that hides is enough. */
    while (mark.status != SS_MARK_HIDES && find_mark(&rest, rest, own_mark)) {
        ss_mark next = read_own(set, rest, rule, evidence);

        if (next.status != SS_MARK_NONE)
            mark = next;
    }
    if (mark.status != SS_MARK_HIDES &&
        !(policy->flags & SECSCAN_POLICY_NO_GITLEAKS) &&
        find_mark(&rest, line, gitleaks_mark))
        mark = (ss_mark){SS_MARK_HIDES,
                         ss_bytes_of(gitleaks_mark, sizeof(gitleaks_mark) - 1),
                         NULL};
    return mark;
}

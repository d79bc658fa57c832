# What reads and compiles rules: also linked into tools/embed, which makes the
# built-in table at build time.
set(rules_sources
  rules/bound.c
  rules/cache.c
  rules/compile.c
  rules/dead.c
  rules/describe.c
  rules/keyword.c
  rules/kind.c
  rules/merge.c
  rules/note.c
  rules/prefilter.c
  rules/re2.c
  rules/regex.c
  rules/rows.c
  rules/rule_check.c
  rules/rule_read.c
  rules/shape.c
  rules/syntax.c
  rules/syntax_escape.c
  rules/syntax_group.c
  rules/syntax_node.c
  rules/syntax_set.c
  rules/template.c
  rules/template_form.c
  rules/toml.cpp
)
# What needs that table.
set(rules_builtin_sources
)
# What tells people of rules.
set(rules_told_sources
  rules/diff.c
  rules/export.c
)

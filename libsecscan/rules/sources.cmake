# What reads and compiles rules: also linked into tools/embed, which makes the
# built-in table at build time.
set(rules_sources
  rules/compile.c
  rules/prefilter.c
  rules/regex.c
  rules/shape.c
  rules/syntax.c
  rules/syntax_set.c
)
# What needs that table.
set(rules_builtin_sources
)

# What reads and compiles rules: also linked into tools/embed, which makes the
# built-in table at build time.
set(rules_sources
)
# What needs that table.
set(rules_builtin_sources
)

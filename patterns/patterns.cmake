# The files that tools/embed compiles into the built-in rules.
set(secscan_patterns
  aws.toml
  generic.toml
  github.toml
  jwt.toml
  private-key.toml
  slack.toml
  stripe.toml
)

set(policy_sources
  policy/gate.c
)

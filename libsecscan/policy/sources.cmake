set(policy_sources
  policy/acknowledge.c
  policy/gate.c
)

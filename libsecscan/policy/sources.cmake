set(policy_sources
)

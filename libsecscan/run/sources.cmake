set(run_sources
)
set(run_git_sources
)

set(run_sources
  run/pool.c
)
set(run_git_sources
)

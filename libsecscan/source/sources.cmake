set(source_sources
)
# Only in libsecscan-git.
set(source_git_sources
)

set(source_sources
  source/index.c
  source/index_link.c
  source/ignore.c
  source/wildmatch.c
)
# Only in libsecscan-git.
set(source_git_sources
)

set(source_sources
  source/index.c
  source/index_link.c
  source/ignore.c
  source/listing.c
  source/tree.c
  source/wildmatch.c
  source/worktree.c
)
# Only in libsecscan-git.
set(source_git_sources
)

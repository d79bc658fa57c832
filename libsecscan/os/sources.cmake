set(os_sources
  os/clock.c
  os/dir.c
  os/file.c
  os/open.c
  os/private.c
  os/thread.c
)

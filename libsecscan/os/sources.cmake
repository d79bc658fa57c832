set(os_sources
  os/clock.c
  os/file.c
  os/thread.c
)

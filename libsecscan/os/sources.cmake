set(os_sources
  os/file.c
)

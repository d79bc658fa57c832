set(scan_sources
)

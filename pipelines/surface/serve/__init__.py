"""The HTTP interface for departments, on published snapshots only (`oneform serve`)."""

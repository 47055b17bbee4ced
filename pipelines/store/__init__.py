"""Where things are kept: the workspace's folders, the warehouse, the inbox, snapshots and the log.

The only room that imports DuckDB.
"""

"""What people see: the command line, and how results are shown. Reads results, decides nothing."""

"""Share views: every table of every report as columns over the ledgers, and the SQL text that makes its rows."""

"""Tables with a header or row labels: rosters and statistics, from their boxes to the path of every field."""

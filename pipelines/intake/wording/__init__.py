"""What a text says, wherever it stands: words, numbering, units, blanks to fill, frame lines, data types."""

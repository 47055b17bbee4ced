"""What is true: contracts, words and rules. No I/O."""

"""What comes back: every check, the verdict on the whole file, the receipt and the marked copy."""

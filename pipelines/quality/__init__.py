"""Checks of tables against what is promised: contracts on every frame, expectations on what is published."""

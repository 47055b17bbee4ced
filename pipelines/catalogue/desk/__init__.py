"""The steward's desk: questions and verdicts as a workbook, explanations, previews, the dictionary."""

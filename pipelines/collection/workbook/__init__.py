"""The fill-once workbook as the clerk opens it: cover, sheets, drop-downs, hidden ids."""

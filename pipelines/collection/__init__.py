"""The township's side: what is asked, the workbook it is asked in, what comes back, and the ledgers it goes into."""

"""Officers' spreadsheets, read with patience: what can be understood is taken, the rest is named by row.

A file's bytes become tables (`table`), a table's columns get their meaning (`columns`), its cells are understood
(`words`) and its rows become people (`rows`); `saving` compares these with whom the society knows, says what would
change, and changes it. What a row says ends up in the records, or in a report without what is private; never in a log.
"""

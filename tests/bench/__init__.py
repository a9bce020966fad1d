"""``make bench``: a database of a large department's size, and how long its pages take on it.

``fill`` writes the rows, ``measure`` asks the pages of a real server, ``table`` compares with what was kept.
pytest collects nothing here: timings are printed, never asserted.
"""

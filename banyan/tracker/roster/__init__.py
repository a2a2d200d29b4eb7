"""The county's own roster, read and compared before anything is written.

A sheet is read (`reader` in a process of its own, `workbook`), its header found (`header`), its columns matched
(`fields`), its rows parsed (`entries`) and placed (`units`), each person recognised (`identity`) and compared with the
records (`difference`); only then, and only what was looked at, is it taken in (`taking_in`).
"""

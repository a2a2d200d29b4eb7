"""One course for its author: the lessons as learners get them, from files as they stand, on loopback, without a hub.

A throw-away home holds what a page needs (the county's own settings, one reader); nothing of it is left at the end.
What only an author sees (faults by file and line) is added to the pages here; learners' pages know nothing of it.
"""

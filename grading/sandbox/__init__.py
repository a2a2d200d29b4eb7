"""Where a learner's code runs, and where it is judged: two processes that share a line of data and nothing else.

The learner's process runs what the learner wrote. The judge runs the author's tests; what they ask of the learner's functions
and values crosses the line as plain data, so nothing a learner defines or changes takes part in a verdict, and nothing of
the tests is in the memory of the learner's process. Both are forks of a warm process without a network, with no files but a
room of their own, and end with the run, whatever they do.
"""

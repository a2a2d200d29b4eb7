"""The small parent of everything that runs: proxy, hub, portal, lessons, grader.

It starts processes by command and knows nothing of what they do. Two processes watch each other, so that nothing
outlives a kill of either: the *keeper*, which a person started, and the *supervisor*, its child, which runs the rest.
"""

"""To nbgrader and back: an exam's frozen answers become a notebook, nbgrader grades it, its gradebook keeps the scores.

The bridge is given paths, a notebook and answers, and returns scores; it knows no person, only an opaque handle.
Learners send answers, never notebooks: the only code that runs is the exam's own locked cells.
"""

from importlib.metadata import version

GRADER = f"nbgrader {version('nbgrader')}"
"""Who graded, as evidence names it."""

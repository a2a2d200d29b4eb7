"""What shuts a lesson's processes in: the one that runs it first and, without another step, every fork of it.

Three walls, each of which holds alone: namespaces (a network with nothing in it, a file tree with little in it), Landlock
(what of the tree may be read or written), a filter of system calls (no sockets but those the house opens, no programs,
no other processes). A system may forbid some: the others still stand, nothing fails to start, and `Protection` says which.
Only the standard library is used, for this runs before anything else is loaded.
"""

from grading.confinement.confine import confine
from grading.confinement.landlock import keep_to
from grading.confinement.limits import Limits, Mapped, limit, mapped
from grading.confinement.protection import Protection

__all__ = ["Limits", "Mapped", "Protection", "confine", "keep_to", "limit", "mapped"]

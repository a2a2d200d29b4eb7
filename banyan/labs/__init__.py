"""A person's JupyterLab on this machine: one process outside the walls that attends to it, one server inside them.

`spawner` is the hub's side. It starts `python -m banyan.labs`, the attendant, which shuts a child in
(grading.confinement.server) and stays outside: it carries the child's connections to hub and portal and to nobody else,
watches what the child takes, and ends with the hub. `server` is what runs inside.
"""

"""Run by every kernel of a person's JupyterLab as it starts (PYTHONSTARTUP).

`!ls` asks for a terminal, and there are none behind the walls: let its words go where the kernel's own go.
"""

get_ipython().system = get_ipython().system_raw

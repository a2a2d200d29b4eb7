"""How a person's JupyterLab is set; read by it inside its walls (banyan/labs), and by nothing else.

What nbgrader is to do in it stands in two places: hub_config/nbgrader_config.py for everybody, such as which exchange it
uses, and nbgrader_config.py in the person's room for the copy of a gradebook that lies there (banyan/tracker/lab_rooms.py).
"""

import os
from pathlib import Path

GRADING = os.environ["BANYAN_LAB_PURPOSE"] == "grading"
IN_ENGLISH = os.environ.get("BANYAN_LAB_LANGUAGE") == "en"
MINUTE = 60
POLICY = (
    "frame-ancestors 'self'",  # formgrader stands in a frame of JupyterLab
    "default-src 'self' data: blob:",
    "script-src 'self' blob: 'unsafe-inline' 'unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "connect-src 'self' ws: wss:",
)

c = get_config()

c.ServerApp.jpserver_extensions = {
    "jupyterlab": True,
    "nbgrader.server_extensions.formgrader": GRADING,
    "nbgrader.server_extensions.assignment_list": not GRADING,
    "nbgrader.server_extensions.validate_assignment": not GRADING,
    "nbgrader.server_extensions.course_list": False,
    "jupyter_lsp": False,
    "jupyter_server_terminals": False,
    "jupyterlab_jupytext": False,
    "notebook": False,
    "notebook_shim": False,
    "voila.server_extension": False,
}
c.ServerApp.allow_root = True  # whoever serves the house; inside the walls root is nobody
c.ServerApp.terminals_enabled = False
c.ServerApp.shutdown_no_activity_timeout = 30 * MINUTE
c.ServerApp.tornado_settings = {"headers": {"Content-Security-Policy": "; ".join(POLICY)}}
c.MappingKernelManager.cull_idle_timeout = 30 * MINUTE
c.MappingKernelManager.cull_connected = True
c.KernelManager.transport = "ipc"  # inside the walls no port can be opened
c.LabApp.extension_manager = "readonly"
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.HTMLExporter.sanitize_html = True  # formgrader shows what learners wrote on the house's own address
if not IN_ENGLISH:  # as its person reads the portal; in JupyterLab's own settings they may choose otherwise
    c.LabApp.app_settings_dir = str(Path(__file__).parent / "lab_settings")

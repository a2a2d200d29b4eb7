"""nbgrader's exchange over the portal: no folder that everybody may write to.

Set as nbgrader's exchange in hub_config/nbgrader_config.py. It runs in people's JupyterLab, and carries what nbgrader lets
them do to the portal, which decides. `grading.exchange.server` opens a task in JupyterLab with one link.
"""

from grading.exchange.base import PortalExchange
from grading.exchange.collect import PortalCollect
from grading.exchange.feedback import PortalFetchFeedback, PortalReleaseFeedback
from grading.exchange.hand_out import PortalFetchAssignment, PortalReleaseAssignment
from grading.exchange.listing import PortalList
from grading.exchange.submit import PortalSubmit

__all__ = [
    "PortalCollect",
    "PortalExchange",
    "PortalFetchAssignment",
    "PortalFetchFeedback",
    "PortalList",
    "PortalReleaseAssignment",
    "PortalReleaseFeedback",
    "PortalSubmit",
]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "grading.exchange.server"}]

"""How nbgrader is set in everybody's JupyterLab: tasks come from the portal and go there, and lie in a folder per course."""

import os

from grading import exchange

c = get_config()

c.ExchangeFactory.exchange = exchange.PortalExchange
c.ExchangeFactory.fetch_assignment = exchange.PortalFetchAssignment
c.ExchangeFactory.release_assignment = exchange.PortalReleaseAssignment
c.ExchangeFactory.submit = exchange.PortalSubmit
c.ExchangeFactory.collect = exchange.PortalCollect
c.ExchangeFactory.fetch_feedback = exchange.PortalFetchFeedback
c.ExchangeFactory.release_feedback = exchange.PortalReleaseFeedback
c.ExchangeFactory.list = exchange.PortalList
c.Exchange.path_includes_course = True
c.Exchange.assignment_dir = os.environ.get("JUPYTERHUB_ROOT_DIR", ".")  # what a person sees, wherever their server began
c.CourseDirectory.max_dir_size = 10_000  # kB, as much as the portal takes
c.CourseDirectory.max_file_size = 10_000

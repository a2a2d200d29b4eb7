"""The learner's pages: one next step, one primary action each."""

from banyan.portal.learner import home

ROUTES = (home.routes,)

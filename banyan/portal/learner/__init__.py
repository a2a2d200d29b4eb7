"""The learner's pages: one next step, one primary action each."""

from banyan.portal.learner import certificates, courses, exam_api, guide, home, results, sitting

ROUTES = (home.routes, courses.routes, certificates.routes, sitting.routes, exam_api.routes, results.routes, guide.routes)

"""The learner's pages: one next step, one primary action each."""

from banyan.portal.learner import (
    certificates,
    concerns,
    courses,
    daily,
    documents,
    exam_api,
    exam_files,
    exchange_api,
    guide,
    home,
    own_data,
    pocket_card,
    portfolio,
    practice,
    record,
    results,
    signing_in,
    sitting,
    tasks,
    transcript,
)

PARTS = (
    *(home, daily, courses, certificates, sitting, exam_api, exam_files, exchange_api, results, tasks, concerns, guide),
    *(record, transcript, practice, portfolio, documents, signing_in, pocket_card, own_data),
)
ROUTES = (*(part.routes for part in PARTS), transcript.check_routes)

"""The desks of trainers, administrators and whoever holds a certificate in hand."""

from banyan.portal.desks import (
    assignments,
    audit_log,
    certificates,
    coverage,
    marking,
    people,
    practicals,
    roster,
    second_chances,
    unfinished,
    verify,
)

DESKS = (coverage, unfinished, people, roster, certificates, assignments, marking, second_chances, practicals, audit_log, verify)
ROUTES = tuple(desk.routes for desk in DESKS)

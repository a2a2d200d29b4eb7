"""The desks of trainers, administrators and whoever holds a certificate in hand."""

from banyan.portal.desks import (
    assignments,
    audit_log,
    certificates,
    concerns,
    coverage,
    marking,
    people,
    practicals,
    roster,
    second_chances,
    teaching,
    unfinished,
    verify,
)

DESKS = (
    coverage,
    unfinished,
    people,
    roster,
    certificates,
    assignments,
    teaching,
    marking,
    concerns,
    second_chances,
    practicals,
    audit_log,
    verify,
)
ROUTES = tuple(desk.routes for desk in DESKS)

"""The desks of trainers, administrators and whoever holds a certificate in hand."""

from banyan.portal.desks import (
    assignments,
    audit_log,
    certificates,
    concerns,
    county,
    coverage,
    doctor,
    marking,
    people,
    practical_script,
    practicals,
    publishing,
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
    county,
    publishing,
    teaching,
    marking,
    concerns,
    second_chances,
    practicals,
    practical_script,
    audit_log,
    doctor,
    verify,
)
ROUTES = tuple(desk.routes for desk in DESKS)

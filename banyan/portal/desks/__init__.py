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
    person,
    practical_kit,
    practical_script,
    practicals,
    publishing,
    roster,
    second_chances,
    slips,
    teaching,
    unfinished,
    verify,
)

DESKS = (
    coverage,
    unfinished,
    people,
    roster,  # before person: /people/import is nobody's number
    person,
    slips,
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
    practical_kit,
    doctor,
    audit_log,
    verify,
)
ROUTES = tuple(desk.routes for desk in DESKS)

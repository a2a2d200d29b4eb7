"""The desks of trainers, administrators and whoever holds a certificate in hand."""

from banyan.portal.registry import Routes

ROUTES: tuple[Routes, ...] = ()

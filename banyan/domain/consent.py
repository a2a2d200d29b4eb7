"""What people are asked to agree to, beside what law and duty need; each word counts from the version it was said of.

Whoever was never asked has taken nothing back: for who works here, being rung about training is part of the post. Sensitive
personal information (health, faces, where somebody is) and anything of children under fourteen is not asked for at all.
"""

from enum import StrEnum

VERSION = 1
"""Of the notice (learner/welcome_size.html, welcome_done.html); each yes or no names the one it was said of."""


class Consent(StrEnum):
    REMINDERS = "reminders"  # to be rung or written to on one's own phone about training

"""Certificates that somebody wants on paper, many at once: what was asked for, and how far it is."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from banyan.records.base import Base, big_id


class PrintOrder(Base):
    """`title` says in words what was chosen, `serials` are the certificates in the order of the paper.

    `done` counts those set so far; `failed` has a sentence for each that could not be. `worked_at` is the last sign of
    the worker who has it: silent for long, it was killed, and another begins anew. The file is made when `finished_at` is set.
    """

    __tablename__ = "print_order"

    id: Mapped[int] = big_id()
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    asked_at: Mapped[datetime]
    title: Mapped[str] = mapped_column(String(200))
    form: Mapped[str] = mapped_column(String(4))
    serials: Mapped[list[str]] = mapped_column(JSON)
    done: Mapped[int] = mapped_column(default=0)
    failed: Mapped[list[str]] = mapped_column(JSON, default=list)
    worked_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

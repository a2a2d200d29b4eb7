"""Runs migrations on the connection it is handed; see banyan.records.migrate."""

from typing import Any, Literal

from alembic import context

from banyan.records.base import Moment
from banyan.records.tables import metadata


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """A migration outlives the code it was drafted from, so it names the database's own types."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True, render_item=render_item
)
with context.begin_transaction():
    context.run_migrations()

"""A form as it was sent: every field's text, for forms whose fields are many or not known beforehand."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request


async def _sent(request: Request) -> Mapping[str, str]:
    """A field sent twice counts as it was sent last; a file is no text and counts as not sent."""
    return {name: value for name, value in (await request.form()).multi_items() if isinstance(value, str)}


SentForm = Annotated[Mapping[str, str], Depends(_sent)]

"""A file as it was sent with a form: its name and its bytes, empty when none was chosen."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile


@dataclass(frozen=True)
class Sent:
    name: str
    content: bytes


async def _sent(request: Request) -> Sent:
    file = (await request.form()).get("file")
    return Sent(file.filename or "", await file.read()) if isinstance(file, UploadFile) else Sent("", b"")


SentFile = Annotated[Sent, Depends(_sent)]

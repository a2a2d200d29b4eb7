"""Photos as they were sent with a form, drawn anew and on disk before anybody speaks of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from banyan.errors import BadInputError
from banyan.tracker.answer_files import Kept, keep
from banyan.tracker.pieces import MOST_FILES
from grading.pictures import redrawn


async def _sent(request: Request) -> tuple[bytes, ...]:
    """Files without content are inputs left empty."""
    files = [each for each in (await request.form()).getlist("photos") if isinstance(each, UploadFile)]
    return tuple([content for each in files[: MOST_FILES + 1] if (content := await each.read())])


SentPhotos = Annotated[Sequence[bytes], Depends(_sent)]


def kept(folder: Path, sent: Sequence[bytes]) -> tuple[Kept, ...]:
    """Return the photos of a form as they are kept; InvalidAnswerError in words for what is no photo."""
    if len(sent) > MOST_FILES:
        raise BadInputError("一份最多{most}张照片", most=MOST_FILES)
    return tuple({each.digest: each for each in (keep(folder, redrawn(content)) for content in sent)}.values())

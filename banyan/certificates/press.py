"""The press: one typst compiler, kept warm, that sets a face or a card with a template. Only its own fonts, never the
machine's.

Noto Sans SC holds what is written in the mainland; Noto Sans JP behind it has what it lacks, such as 𠮷.
A character that neither holds is refused: typst says so when it makes PDF/UA, and only then.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from banyan.certificates import qr_picture
from banyan.certificates.face import DEMO, DEMO_NOTE, LABELS, Face
from banyan.errors import BadInputError, HomeError

FONT_FILES = (
    "noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
    "noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf",
    "noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf",
    "noto-sans-jp/700Bold/NotoSansJP_700Bold.ttf",
)
LACKING = re.compile(r'the text `"(.+?)"` could not be displayed')
WORDS = {"labels": LABELS, "demo_word": DEMO, "demo_note": DEMO_NOTE}
TEMPLATES = ("paper.typ", "phone.typ", "card.typ", "receipt.typ")


@dataclass(frozen=True)
class Sheet:
    """What a template is given: `inputs` are texts, `day` is how old the document is, `name` what a fault calls it."""

    inputs: Mapping[str, str]
    day: date
    name: str


class Press:
    """Keep one per process: opening it reads the fonts, setting a certificate with it takes milliseconds.

    `templates` is content/certificate; `fonts` is the folder that holds noto-sans-sc and noto-sans-jp
    (node_modules/@expo-google-fonts).
    """

    def __init__(self, templates: Path, fonts: Path) -> None:
        for file in [fonts / name for name in FONT_FILES] + [templates / name for name in TEMPLATES]:
            if not file.is_file():
                raise HomeError("印证书要用的文件不见了：{file}；请重新安装", file=file)
        folders: list[Any] = [str((fonts / name).parent) for name in FONT_FILES]
        own = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
        self._templates = templates
        self._compiler = typst.Compiler(root=str(templates), font_paths=own)
        self._turn = Lock()

    def set(self, template: str, face: Face, seal: bytes = b"", **options: Any) -> bytes:
        """Return a face set with a template, with a picture in the place of the seal; the same face gives the same bytes."""
        picture = qr_picture.svg(face.address)
        told = {"face": json.dumps(asdict(face) | WORDS, default=str), "heading": face.heading, "qr": picture}
        return self.print(template, Sheet(told | {"seal": json.dumps(list(seal))}, face.issued_on, face.name), **options)

    def print(self, template: str, sheet: Sheet, **options: Any) -> bytes:
        """Return one page set with a template; BadInputError if the fonts lack a character of it."""
        try:
            with self._turn:
                made = self._compiler.compile(
                    input=str(self._templates / template), sys_inputs=dict(sheet.inputs), timestamp=_noon(sheet.day), **options
                )
        except typst.TypstError as fault:
            raise _refusal(sheet.name, str(fault)) from fault
        if not isinstance(made, bytes):
            raise BadInputError("{name}的证书一页排不下；请联系平台管理员", name=sheet.name)
        return made


def _refusal(name: str, fault: str) -> BadInputError:
    lacking = LACKING.search(fault)
    if lacking:
        return BadInputError("印证书的字体里没有“{sign}”这个字，请告诉平台管理员", sign=lacking[1])
    return BadInputError("{name}的证书排不出来：{fault}", name=name, fault=fault)


def _noon(day: date) -> datetime:
    """A document is as old as what it says, so that printing it again changes nothing."""
    return datetime.combine(day, time(12), UTC)

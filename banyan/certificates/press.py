"""The press: one typst compiler, kept warm, that sets a face or a card with a template. Only its own fonts, never the
machine's.

Noto Sans SC holds what is written in the mainland; Noto Sans JP behind it has what it lacks, such as 𠮷.
A character that neither holds is refused: typst says so when it makes PDF/UA, and only then.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    "noto-sans-sc/600SemiBold/NotoSansSC_600SemiBold.ttf",
    "noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf",
    "noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf",
    "noto-sans-jp/700Bold/NotoSansJP_700Bold.ttf",
)
LACKING = re.compile(r'the text `"(.+?)"` could not be displayed')
WORDS = {"labels": LABELS, "demo_word": DEMO, "demo_note": DEMO_NOTE}
PAPER = """#import "/paper.typ": certificate
#[#set document(title: {title}, author: {author})]
#for each in json(bytes({pages})) {{ certificate(each) }}
"""
LINE = """#import "/parts.typ": page-words
#set document(title: "字")
#show: page-words
#{text}
"""
EPOCH = date(2000, 1, 1)
TEMPLATES = ("paper.typ", "phone.typ", "card.typ", "receipt.typ", "sheet.typ", "transcript.typ")


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

    def set(self, template: str, face: Face, **options: Any) -> bytes:
        """Return a face set with a template; the same face gives the same bytes."""
        told = {"face": json.dumps(_told(face) | {"qr": qr_picture.svg(face.address)}, default=str), "heading": face.heading}
        return self.print(template, Sheet(told, face.issued_on, face.name), **options)

    def paper(self, faces: Sequence[Face], heading: str, seal: bytes = b"") -> bytes:
        """Return certificates on A4, a page each, as PDF/UA; `seal` is a picture for the place of the seal.

        They are told as part of the source and not as inputs, and what the document is called in brackets of its own, so that
        typst keeps what does not depend on them.
        """
        told = [_told(each) | {"qr": list(qr_picture.png(each.address)), "seal": list(seal)} for each in faces]
        pages = json.dumps(told, default=str, ensure_ascii=False)
        title, author = _literal(heading), _literal(faces[0].issuer)
        source = PAPER.format(title=title, author=author, pages=_literal(pages))
        return self._compile(source.encode(), faces[0].issued_on, heading, format="pdf", pdf_standards=["ua-1"])

    def lacking(self, text: str) -> str:
        """Return the characters of a text that the fonts have no shape for."""
        left, found = "".join(sorted({sign for sign in text if not sign.isspace()})), ""
        while left:
            try:
                self._compile(LINE.format(text=_literal(left)).encode(), EPOCH, "字", format="pdf", pdf_standards=["ua-1"])
            except BadInputError as fault:
                told = str(fault.params.get("sign", ""))
                if not told:
                    raise
                found, left = found + told, "".join(sign for sign in left if sign not in told)
            else:
                break
        return found

    def print(self, template: str, sheet: Sheet, **options: Any) -> bytes:
        """Return one page set with a template; BadInputError if the fonts lack a character of it."""
        given = {"sys_inputs": dict(sheet.inputs), **options}
        return self._compile(str(self._templates / template), sheet.day, sheet.name, **given)

    def _compile(self, source: str | bytes, day: date, name: str, **options: Any) -> bytes:
        try:
            with self._turn:
                made = self._compiler.compile(input=source, timestamp=_noon(day), **options)
        except typst.TypstError as fault:
            raise _refusal(name, str(fault)) from fault
        if not isinstance(made, bytes):
            raise BadInputError("{name}的证书一页排不下；请联系平台管理员", name=name)
        return made


def _told(face: Face) -> dict[str, Any]:
    """Return a face as the templates read it; `asdict` would copy each of its words."""
    shown = [{"what": each.what, "how_well": each.how_well} for each in face.abilities]
    return vars(face) | WORDS | {"abilities": shown}


def _literal(text: str) -> str:
    """Return a text as it is written in a typst source."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _refusal(name: str, fault: str) -> BadInputError:
    lacking = LACKING.search(fault)
    if lacking:
        return BadInputError("印证书的字体里没有“{sign}”这个字，请告诉平台管理员", sign=lacking[1])
    return BadInputError("{name}的证书排不出来：{fault}", name=name, fault=fault)


def _noon(day: date) -> datetime:
    """A document is as old as what it says, so that printing it again changes nothing."""
    return datetime.combine(day, time(12), UTC)

"""What stands on a certificate in words: Chinese, with a quieter English line below. Templates only arrange it.

It names what was shown in plain words, never a code or a level. A demo's says so in the largest letters on it.
"""

from dataclasses import dataclass
from datetime import date

from banyan.certificates.statement import Statement
from banyan.domain.certification import Programme
from banyan.domain.framework import Framework, Text

ABLE: dict[int, Text] = {
    1: {"zh": "知道该怎样做", "en": "knows what to do"},
    2: {"zh": "能独立完成", "en": "works independently"},
    3: {"zh": "能处理复杂情形", "en": "handles complex cases"},
    4: {"zh": "能带教他人", "en": "coaches others"},
}
LABELS: dict[str, Text] = {
    "certify": {"zh": "兹证明", "en": "This is to certify that"},
    "shown": {"zh": "考核中已经做到", "en": "Shown in the assessment"},
    "serial": {"zh": "编号", "en": "No."},
    "issued": {"zh": "发证日期", "en": "Issued on"},
    "expires": {"zh": "有效期至", "en": "Valid through"},
    "issuer": {"zh": "发证单位", "en": "Issued by"},
    "scan": {"zh": "扫码核验", "en": "Scan to verify"},
    "seal": {"zh": "盖章处", "en": "Seal"},
    "note": {
        "zh": "真伪和当前状态以扫码核验的结果为准",
        "en": "Scanning the code shows whether it is genuine and still valid.",
    },
}
WATCHED: dict[bool, Text] = {
    True: {"zh": "考试：有监考", "en": "Exam: invigilated"},
    False: {"zh": "考试：无监考", "en": "Exam: not invigilated"},
}
DEMO = "演示"
DEMO_NOTE: Text = {"zh": "演示证书，没有效力", "en": "Demonstration only: not a valid certificate"}
TITLE_EN = "Certificate of Training and Assessment"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Ability:
    what: Text
    how_well: Text


@dataclass(frozen=True)
class Face:
    """Everything printed, ready to be set; `address` is what the QR code holds."""

    title: Text
    name: str
    sentence: tuple[str, str]
    sentence_en: str
    abilities: tuple[Ability, ...]
    serial: str
    issued_on: date
    issued: Text
    expires: Text
    issuer: str
    address: str
    site: str
    demo: bool
    watched: Text | None = None

    @property
    def heading(self) -> str:
        """The document's title, for a list of files or a screen reader."""
        return f"{self.title['zh']} {self.name} {self.serial}" + (f"（{DEMO}）" if self.demo else "")


def face_of(statement: Statement, address: str, framework: Framework, programme: Programme | None) -> Face:
    """Return the face of a statement; the programme, where there is one still, lends its English title."""
    return Face(
        title={"zh": statement.title, "en": TITLE_EN},
        name=statement.name,
        sentence=(f"参加“{statement.programme_title}”培训，", "经考核合格。"),
        sentence_en=_sentence_en(programme.title.get("en", "") if programme else ""),
        abilities=tuple(abilities_of(statement, framework).values()),
        serial=statement.serial,
        issued_on=statement.issued_on,
        issued=_day(statement.issued_on),
        expires=_day(statement.expires_on),
        issuer=statement.issuer,
        address=address,
        site=address.partition("#")[0].partition("://")[2],
        demo=statement.demo,
        watched=None if statement.invigilated is None else WATCHED[statement.invigilated],
    )


def _sentence_en(title: str) -> str:
    """No quotation marks: a Chinese font sets them as wide as a character."""
    return "has completed the training and passed its assessment" + (f": {title}" if title else "")


def abilities_of(statement: Statement, framework: Framework) -> dict[str, Ability]:
    """Return what was shown in words, by competency.

    One that a later framework dropped has no words any more and is left to the signed payload.
    """
    known = [(code, level) for code, level in statement.targets if code in framework and level in ABLE]
    return {code: Ability(framework.competency(code).name, ABLE[level]) for code, level in known}


def _day(day: date) -> Text:
    return {"zh": f"{day.year}年{day.month}月{day.day}日", "en": f"{day.day} {MONTHS[day.month - 1]} {day.year}"}

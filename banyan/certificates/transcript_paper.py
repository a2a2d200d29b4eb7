"""A transcript on A4, as many pages as it takes: PDF/UA, in Chinese. The template only arranges what is worded here."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from banyan.certificates import qr_picture
from banyan.certificates.face import ABLE, DEMO, Text
from banyan.certificates.press import Press, Sheet

SCAN: Text = {"zh": "扫码核对", "en": "Scan to check"}
DEMO_NOTE: Text = {"zh": "演示档案，没有效力", "en": "Demonstration only: proves nothing"}
OUTCOMES = {"passed": "合格", "failed": "不合格", "waiting": "等阅卷"}
STATUSES = {"valid": "有效", "expired": "已过期", "revoked": "已撤销", "suspended": "暂停", "replaced": "已换发"}
KINDS = {
    "OA": "考试", "SIM": "情景模拟", "OS": "实训", "SP": "跟岗实践",
    "SH": "服务时长", "AO": "观察", "PF": "工作档案", "EC": "外来证书",
}  # fmt: skip
Row = Mapping[str, Any]


def pdf(press: Press, payload: Row, address: str) -> bytes:
    """Return the transcript; `address` is what its QR code holds. BadInputError if the fonts lack a character of it."""
    name = payload["person"]["name"]
    told = {
        "issuer": payload["issuer"],
        "name": name,
        "about": _about(payload),
        "parts": [_part(*each) for each in _parts(payload)],
        "demo": payload["demo"],
        "demo_word": DEMO,
        "demo_note": DEMO_NOTE,
        "labels": {"scan": SCAN},
        "site": address.partition("?")[0].partition("://")[2],
        "qr": qr_picture.svg(address, qr_picture.UNSCRATCHED),
    }
    heading = f"学习档案 {name} {payload['as_of']}" + (f"（{DEMO}）" if payload["demo"] else "")
    sheet = Sheet(
        {"face": json.dumps(told, ensure_ascii=False), "heading": heading}, date.fromisoformat(payload["issued_on"]), name
    )
    return press.print("transcript.typ", sheet, format="pdf", pdf_standards=["ua-1"])


def _about(payload: Row) -> list[list[str]]:
    person, service = payload["person"], payload["service"]
    star = f"，{service['star']}星" if service["star"] else ""
    return [
        ["姓名", person["name"]],
        ["工号末尾", person["number_end"]],
        ["截至", day_words(payload["as_of"])],
        ["出具日期", day_words(payload["issued_on"])],
        ["集中培训", hours(sum(each["minutes"] for each in payload["trainings"]))],
        ["志愿服务", hours(service["minutes"]) + star],
    ]


def _parts(payload: Row) -> list[tuple[str, list[str], list[str], list[Row], Callable[[Row], list[str]]]]:
    """Return each part: its title, its columns, how wide they are, its rows, and how a row is worded."""
    return [
        ("证书", ["证书", "编号", "发证", "有效期至", "状态"], ["1fr", "32mm", "24mm", "24mm", "17mm"], payload["certificates"],
         lambda each: [f"{each['title']}（{each['programme']}）", each["serial"], each["issued_on"], each["expires_on"],
                       STATUSES[each["status"]]]),
        ("现在会什么", ["能力", "程度", "最近一次", "有效期至", "怎么看到的"], ["1fr", "29mm", "24mm", "24mm", "42mm"],
         payload["competencies"],
         lambda each: [each["name"], ABLE[each["level"]]["zh"], each["shown_on"], each["until"], kind_words(each["kinds"])]),
        ("学完的课程", ["课程", "学完", "学时"], ["1fr", "28mm", "24mm"], payload["courses"],
         lambda each: [each["title"], each["completed_on"], hours(each["minutes"])]),
        ("考试", ["考试", "哪天", "结果", "监考"], ["1fr", "28mm", "20mm", "18mm"], payload["exams"],
         lambda each: [f"{each['title']} 第{each['number']}次", each["taken_on"], OUTCOMES[each["outcome"]],
                       "有" if each["invigilated"] else "无"]),
        ("集中培训", ["培训", "地点", "哪天", "到场"], ["1fr", "40mm", "24mm", "22mm"], payload["trainings"],
         lambda each: [each["title"], each["place"], each["starts_on"], hours(each["minutes"])]),
        ("志愿服务", ["活动", "哪天", "时数"], ["1fr", "28mm", "24mm"], payload["service"]["activities"],
         lambda each: [each["title"], each["served_on"], hours(each["minutes"])]),
        ("外来证书", ["证书", "哪里发的", "发证", "有效期至"], ["1fr", "48mm", "24mm", "24mm"], payload["documents"],
         lambda each: [each["name"], each["issuer"], each["issued_on"], each["expires_on"] or "未写"]),
        ("岗位", ["岗位", "单位", "从", "到"], ["1fr", "62mm", "24mm", "24mm"], payload["posts"],
         lambda each: [each["post"], each["unit"], each["starts_on"], each["ends_on"] or "至今"]),
    ]  # fmt: skip


def _part(title: str, columns: list[str], widths: list[str], rows: list[Row], worded: Callable[[Row], list[str]]) -> Row:
    return {"title": title, "columns": columns, "widths": widths, "rows": [worded(each) for each in rows]}


def kind_words(kinds: Iterable[str]) -> str:
    return "、".join(KINDS[each] for each in kinds)


def hours(minutes: int) -> str:
    """Return minutes as hours with at most one digit behind the point, rounded down."""
    return f"{minutes // 6 / 10:g}小时"


def day_words(day: str) -> str:
    parsed = date.fromisoformat(day)
    return f"{parsed.year}年{parsed.month}月{parsed.day}日"

"""A certificate speaks plainly: no codes, no levels, and a demo says what it is."""

import dataclasses
from datetime import date

import pytest

from banyan.certificates.face import face_of
from banyan.certificates.statement import Statement
from banyan.domain.framework import Competency, Domain, Framework

FRAMEWORK = Framework(
    "t",
    date(2026, 1, 1),
    (
        Domain(
            "D5",
            {"zh": "域"},
            (Competency("C5.2", {"zh": "突发事件信息报告", "en": "Emergency reporting"}, (), frozenset(), 12),),
        ),
    ),
)
ADDRESS = "https://xuexi.example.cn/verify/BY26-7K3M-92Q3#payload.signature"


def test_no_code_and_no_level_is_printed(statement: Statement) -> None:
    face = face_of(statement, ADDRESS, FRAMEWORK, None)
    printed = repr(dataclasses.replace(face, address=""))
    assert [(each.what["zh"], each.how_well["zh"]) for each in face.abilities] == [("突发事件信息报告", "能处理复杂情形")]
    assert "C5.2" not in printed
    assert "ER-T1" not in printed


def test_the_words_are_those_that_were_signed(statement: Statement) -> None:
    face = face_of(statement, ADDRESS, FRAMEWORK, None)
    assert "".join(face.sentence) == "参加“突发事件信息报告员（入门）”培训，经考核合格。"
    assert (face.name, face.title["zh"], face.serial, face.issuer) == (
        "林小英",
        "培训考核合格证明",
        "BY26-7K3M-92Q3",
        "榕溪县（示例）",
    )
    assert (face.issued["zh"], face.expires["zh"], face.expires["en"]) == ("2026年11月23日", "2027年11月23日", "23 Nov 2027")


def test_the_proof_is_in_the_code_and_not_in_the_printed_address(statement: Statement) -> None:
    assert face_of(statement, ADDRESS, FRAMEWORK, None).site == "xuexi.example.cn/verify/BY26-7K3M-92Q3"


def test_a_demo_is_named_one_in_the_documents_title(statement: Statement) -> None:
    real = dataclasses.replace(statement, demo=False)
    assert "演示" in face_of(statement, ADDRESS, FRAMEWORK, None).heading
    assert "演示" not in face_of(real, ADDRESS, FRAMEWORK, None).heading


@pytest.mark.parametrize(("watched", "words"), [(True, "考试：有监考"), (False, "考试：无监考"), (None, "")])
def test_it_says_whether_the_exam_was_invigilated(statement: Statement, watched: bool | None, words: str) -> None:
    face = face_of(dataclasses.replace(statement, invigilated=watched), "https://xuexi.example.cn/verify/x", FRAMEWORK, None)
    assert (face.watched["zh"] if face.watched else "") == words

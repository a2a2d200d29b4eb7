"""A transcript: signed whole, checked whole; its paper holds every character, on as many pages as it takes."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from banyan.certificates.issuer import Issuer
from banyan.certificates.keyring import Keyring, Signer
from banyan.certificates.offline import verify_transcript
from banyan.certificates.press import Press
from banyan.certificates.transcript import ASKED, LONGEST, Summary, read_file, read_summary, sealed, summary_text
from banyan.certificates.transcript_paper import hours, pdf
from banyan.errors import BadInputError, TamperedError
from tests.certificates.test_press import characters

PAYLOAD: dict[str, Any] = {
    "type": "banyan-transcript", "version": 1, "issuer": "榕溪县", "issued_on": "2026-11-23", "as_of": "2026-11-20",
    "key_id": "abcdefgh", "demo": False, "framework": "2026.1",
    "person": {"name": "林秀英", "number_end": "0002"},
    "posts": [{"role": "GS", "post": "网格员", "unit": "青石镇溪口村", "starts_on": "2024-02-29", "ends_on": None}],
    "courses": [{"course": "x-1-reporter", "title": "突发事件信息报告员", "completed_on": "2026-11-01", "minutes": 95}],
    "exams": [{"course": "x-1-reporter", "title": "突发事件信息报告员", "number": 1, "taken_on": "2026-11-02",
               "outcome": "passed", "invigilated": True}],
    "competencies": [{"code": "C5.2", "name": "突发事件信息报告", "level": 3, "kinds": ["OA", "OS"],
                      "shown_on": "2026-11-02", "until": "2027-11-02"}],
    "trainings": [], "service": {"minutes": 6300, "star": 1, "activities": []}, "documents": [],
    "certificates": [{"serial": "BY26-7K3M-92QX", "title": "培训考核合格证明", "programme": "入门", "status": "valid",
                      "issued_on": "2026-11-03", "expires_on": "2027-11-03"}],
}  # fmt: skip


def text_of(issuer: Issuer, payload: dict[str, Any] = PAYLOAD) -> str:
    return json.dumps(sealed(payload, issuer), ensure_ascii=False)


def test_what_was_signed_is_read_back_whole(issuer: Issuer) -> None:
    assert read_file(text_of(issuer), issuer.keyring) == PAYLOAD


@pytest.mark.parametrize(
    "spoilt",
    [
        pytest.param(lambda text: text.replace("林秀英", "林秀芳"), id="another name"),
        pytest.param(lambda text: text.replace('"level": 3', '"level": 4'), id="a higher level"),
        pytest.param(lambda text: text.replace('"documents": []', '"documents": [{}]'), id="something put in"),
        pytest.param(lambda text: text[:-20], id="cut off"),
        pytest.param(lambda _: "[" * 100_000, id="too deep"),
        pytest.param(lambda _: "null", id="nothing"),
        pytest.param(lambda _: '{"payload": [], "key": "", "signature": ""}', id="no payload"),
        pytest.param(lambda text: text.replace('"version": 1', '"version": 2'), id="a version to come"),
        pytest.param(lambda text: text + " " * 1_000_001, id="too long"),
    ],
)
def test_what_was_changed_is_refused(issuer: Issuer, spoilt: Any) -> None:
    with pytest.raises(TamperedError):
        read_file(spoilt(text_of(issuer)), issuer.keyring)


def test_the_key_in_the_file_vouches_for_nothing(issuer: Issuer) -> None:
    stranger = Issuer("别县", "别县", "https://x.example", demo=False, key=Ed25519PrivateKey.generate())
    with pytest.raises(TamperedError):
        read_file(text_of(stranger), issuer.keyring)


def test_a_stolen_key_vouches_only_for_what_came_before(issuer: Issuer) -> None:
    def stolen(day: date) -> Keyring:
        return Keyring((Signer(issuer.public_key, stolen_on=day),))

    assert read_file(text_of(issuer), stolen(date(2026, 11, 24))) == PAYLOAD
    with pytest.raises(TamperedError):
        read_file(text_of(issuer), stolen(date(2026, 11, 23)))


def test_another_county_checks_the_file_with_nothing_but_the_key(issuer: Issuer, tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text(text_of(issuer), encoding="utf-8")
    (tmp_path / "key").write_text(issuer.keyring.text)
    said = verify_transcript(tmp_path / "t.json", tmp_path / "key")
    assert "林秀英" in said
    assert "BY26-7K3M-92QX" in said
    with pytest.raises(BadInputError):
        verify_transcript(tmp_path / "none.json", tmp_path / "key")


def test_the_code_on_paper_names_nobody_in_full_and_says_what_one_would_alter(issuer: Issuer) -> None:
    said = read_summary(f"https://x.example/verify/{ASKED}{summary_text(PAYLOAD, issuer)}", issuer.keyring)
    assert said == Summary.of(PAYLOAD)
    assert (said.name, said.levels, said.serials) == ("林*英", (("C5.2", 3),), ("BY26-7K3M-92QX",))
    assert (said.exams, said.service) == (1, 6300)


def test_a_full_career_still_fits_the_code(issuer: Issuer) -> None:
    many = PAYLOAD | {"competencies": PAYLOAD["competencies"] * 30, "certificates": PAYLOAD["certificates"] * 12}
    assert len(summary_text(many, issuer)) < 1400 < LONGEST


@pytest.mark.parametrize("spoilt", ["", "BYT1", "BYT1..", "BYT1.e30.AA", "BYR1.e30.AA", "BYT1." + "W" * 3000, "BYT1.bnVsbA.AA"])
def test_words_that_are_none_are_refused(issuer: Issuer, spoilt: str) -> None:
    with pytest.raises(TamperedError):
        read_summary(spoilt, issuer.keyring)


def test_the_paper_holds_every_character_and_a_screen_reader_reads_it(press: Press) -> None:
    name = "欧阳𠮷𠮟"
    document = pdf(
        press, PAYLOAD | {"person": {"name": name, "number_end": "0002"}}, "https://x.example/verify/transcript?said=x"
    )
    assert set(name) <= characters(document)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in document


def test_a_long_one_takes_pages_and_the_same_gives_the_same(press: Press) -> None:
    long = PAYLOAD | {"exams": PAYLOAD["exams"] * 120}
    document = pdf(press, long, "https://x.example/verify/transcript?said=x")
    assert int(re.search(rb"/Type/Pages/Count (\d+)", document)[1]) > 3  # type: ignore[index]
    assert document == pdf(press, long, "https://x.example/verify/transcript?said=x")


def test_a_character_without_a_shape_is_named(press: Press) -> None:
    with pytest.raises(BadInputError, match="没有"):
        pdf(press, PAYLOAD | {"person": {"name": "林\ue000", "number_end": "1"}}, "https://x.example")


@pytest.mark.parametrize(("minutes", "words"), [(0, "0小时"), (95, "1.5小时"), (119, "1.9小时"), (6300, "105小时")])
def test_hours_are_never_rounded_up(minutes: int, words: str) -> None:
    assert hours(minutes) == words

"""Many certificates on paper: made in the background, fetched by who asked, each person's own fault left out and said."""

import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from banyan.records.competence import Certificate
from banyan.records.engine import reading, writing
from banyan.records.printing import PrintOrder
from banyan.tracker import printing
from banyan.tracker.awards import revoke
from banyan.tracker.printing import PrintShop, forget, make_order, waiting_orders
from tests.county import NOW
from tests.portal.office import Office, certify

EVERYBODY = ("陈晓明", "林秀英", "张远")


@pytest.fixture
def serials(office: Office) -> dict[str, str]:
    with writing(office.house.make) as session:
        return {name: certify(session, office.people[name], office.house.rulebook).serial for name in EVERYBODY}


def shop(office: Office) -> PrintShop:
    return PrintShop(office.house.prints, office.house.press, office.house.rulebook)


def ask(office: Office, who: str = "周建国", **fields: str) -> str:
    """Ask for a file and return the address of its page."""
    reply = office.browser(who).submit("/issued/print", **{"unit": "", "programme": "", "form": "zip"} | fields)
    assert reply.status_code == 303, reply.text
    return str(reply.headers["location"])


def work(office: Office, number: int = 1) -> bool:
    return make_order(office.house.make, number, shop(office), lambda: NOW)


def order(office: Office, number: int = 1) -> PrintOrder:
    with reading(office.house.make) as session:
        return session.get_one(PrintOrder, number)


def fetch(office: Office, who: str = "周建国", number: int = 1) -> Any:
    return office.browser(who).open(f"/issued/print/file?n={number}")


def test_everybodys_come_as_a_file_each(office: Office, serials: dict[str, str]) -> None:
    page = ask(office)
    assert "3张已经做好0张" in office.browser("周建国").get(page).text
    assert work(office)
    assert "下载压缩包" in office.browser("周建国").get(page).text
    reply = fetch(office)
    assert reply.headers["content-disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(reply.content)) as archive:
        assert sorted(archive.namelist()) == sorted(f"{name}-{serial}.pdf" for name, serial in serials.items())
        assert all(archive.read(each).startswith(b"%PDF") for each in archive.namelist())


def test_bound_they_are_one_document_and_more_come_in_volumes(
    office: Office, serials: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(office, form="pdf")
    work(office)
    assert b"/Type/Pages/Count 3/" in fetch(office).content
    monkeypatch.setattr(printing, "VOLUME", 2)
    ask(office, form="pdf")
    work(office, 2)
    with zipfile.ZipFile(io.BytesIO(fetch(office, number=2).content)) as archive:
        counts = [archive.read(f"证书-第{n}册.pdf").split(b"/Type/Pages/Count ")[1][:1] for n in (1, 2)]
    assert counts == [b"2", b"1"]


def test_the_bar_is_told_how_far_it_is(office: Office, serials: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    page = ask(office)
    monkeypatch.setattr(printing, "STEP", 1)
    seen = []
    office.house.prints.mkdir()
    for each in printing.press_all(office.house.make, order(office).serials, "zip", shop(office), office.house.prints / "x"):
        seen.append(each.count)
        with writing(office.house.make) as session:
            session.get_one(PrintOrder, 1).done += each.count
        said = office.browser("周建国").get(page, headers={"accept": "application/json"}).json()
        assert (said["done"], said["total"]) == (len(seen), 3)
    assert seen == [1, 1, 1]


def test_only_those_of_a_town_that_hold_today(office: Office, serials: dict[str, str]) -> None:
    with writing(office.house.make) as session:
        revoke(session, serials["林秀英"], "他人代考", office.me("郑国平"), NOW)
    assert "现在有效的证书有1张" in office.browser("郑国平").open("/issued/print").text
    ask(office, "郑国平")
    assert order(office).serials == [serials["陈晓明"]]
    assert "现在有效的证书有2张" in office.browser("周建国").open("/issued/print").text


def test_another_towns_are_not_there(office: Office, serials: dict[str, str]) -> None:
    browser = office.browser("吴美玲")
    assert browser.open(f"/issued/print?unit={office.at.qingshi.code}").status_code == 404
    assert browser.submit("/issued/print", unit=office.at.qingshi.code, programme="", form="zip").status_code == 404
    assert browser.submit("/issued/print", unit="", programme="NONE", form="zip").status_code in (404, 422)


def test_only_who_asked_gets_the_file_and_only_for_a_day(office: Office, serials: dict[str, str]) -> None:
    page = ask(office)
    assert fetch(office).status_code in (409, 410)
    work(office)
    assert fetch(office, "郑国平").status_code == 404
    assert office.browser("郑国平").get(page).status_code == 404
    later = replace(office.later(days=1), house=office.house)
    assert fetch(later).status_code == 404
    with writing(office.house.make) as session:
        forget(session, office.house.prints, NOW + timedelta(hours=23))
    assert fetch(office).status_code == 200
    with writing(office.house.make) as session:
        forget(session, office.house.prints, NOW + timedelta(days=1))
    assert list(office.house.prints.iterdir()) == []
    assert fetch(office).status_code == 404


def test_killed_half_way_another_worker_makes_it_and_the_bar_goes_on(
    office: Office, serials: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(office)
    monkeypatch.setattr(printing, "STEP", 1)
    real = printing.pdf

    turns = iter(range(3))

    def killed(press: Any, face: Any, seal: bytes) -> bytes:
        if next(turns) == 2:
            raise KeyboardInterrupt
        return real(press, face, seal)

    monkeypatch.setattr(printing, "pdf", killed)
    with pytest.raises(KeyboardInterrupt):
        work(office)
    assert (order(office).done, order(office).finished_at) == (2, None)
    assert not work(office)  # its last sign is too fresh to take it over
    with reading(office.house.make) as session:
        assert waiting_orders(session, NOW + timedelta(seconds=59)) == []
        assert waiting_orders(session, NOW + timedelta(seconds=61)) == [1]
    monkeypatch.setattr(printing, "pdf", real)
    assert make_order(office.house.make, 1, shop(office), lambda: NOW + timedelta(seconds=61))
    assert (order(office).done, order(office).failed) == (3, [])
    assert fetch(office).status_code == 200


def test_an_order_lost_on_the_way_is_found(office: Office, serials: dict[str, str]) -> None:
    ask(office)
    with reading(office.house.make) as session:
        assert waiting_orders(session, NOW + timedelta(seconds=19)) == []
        assert waiting_orders(session, NOW + timedelta(seconds=21)) == [1]


@pytest.mark.parametrize("form", ["zip", "pdf"])
def test_who_cannot_be_printed_is_left_out_and_named(office: Office, serials: dict[str, str], form: str) -> None:
    issuer = office.house.rulebook.issuer
    with writing(office.house.make) as session:
        row = session.query(Certificate).filter_by(serial=serials["张远"]).one()
        row.payload = {**row.payload, "n": "张𪚥"}
        row.signature = issuer.sign(row.payload)
        spoilt = session.query(Certificate).filter_by(serial=serials["林秀英"]).one()
        spoilt.payload = {**spoilt.payload, "n": "别人"}
    page = ask(office, form=form)
    work(office)
    text = office.browser("周建国").get(page).text
    assert "里面有1张证书" in text
    assert "印证书的字体里没有“𪚥”这个字" in text
    assert f"{serials['林秀英']}：证书 {serials['林秀英']} 的签名对不上" in text
    assert fetch(office).status_code == 200


@pytest.mark.parametrize("fields", [{"form": "exe"}, {"programme": ""}], ids=["no such form", "nobody"])
def test_what_cannot_be_made_is_said_and_makes_nothing(office: Office, fields: dict[str, str]) -> None:
    reply = office.browser("周建国").submit("/issued/print", **{"unit": "", "programme": "", "form": "zip"} | fields)
    assert reply.status_code == 422
    with reading(office.house.make) as session:
        assert session.query(PrintOrder).count() == 0


def test_a_learner_prints_nobodys(office: Office, serials: dict[str, str]) -> None:
    assert office.browser("陈晓明").open("/issued/print").status_code in (403, 404)
    assert office.browser("陈晓明").submit("/issued/print", form="zip").status_code in (403, 404)

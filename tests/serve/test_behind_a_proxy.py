"""Behind a TLS server on the same machine: people are told apart by their own addresses, and cookies travel over https alone."""

import re
from html import unescape

import httpx
import pytest
from sqlalchemy import select

from banyan.records.audit import AuditRow
from banyan.records.engine import reading
from banyan.settings import Settings
from banyan.wiring import open_records
from tests.conftest import Served

pytestmark = pytest.mark.served
FORWARDED = {"X-Forwarded-For": "198.51.100.1, 203.0.113.7", "X-Forwarded-Proto": "https", "Host": "xuexi.example.gov.cn"}


def test_the_address_is_the_visitor_s_and_every_cookie_is_for_https(served: Served) -> None:
    with httpx.Client(base_url=served.url, headers=FORWARDED, timeout=20) as browser:
        first = browser.get("/services/portal/")
        assert all("secure" in each.lower() for each in first.headers.get_list("set-cookie"))
        assert first.headers.get_list("set-cookie")
        form = browser.get("/hub/login")
        seal = re.search(r'name="_xsrf" value="([^"]+)"', form.text).group(1)  # type: ignore[union-attr]
        action = unescape(re.search(r'<form[^>]* action="([^"]+)"', form.text).group(1))  # type: ignore[union-attr]
        cookies = "; ".join(each.partition(";")[0] for each in form.headers.get_list("set-cookie"))
        sent = {"username": "nobody", "password": "wrong", "_xsrf": seal}
        browser.post(action, data=sent, headers={"Cookie": cookies, "Sec-Fetch-Site": "same-origin"})
    with reading(open_records(served.home, Settings.of(served.home))) as session:
        row = session.scalars(select(AuditRow).order_by(AuditRow.position.desc()).limit(1)).one()
    assert (row.action, row.detail["address"]) == ("sign_in.refused", "203.0.113.7")

"""What an installation is told, and how each answer is written down: half-width, trimmed, or refused in one sentence."""

import re
import unicodedata
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from banyan.accounts.passwords import normalise_staff_number
from banyan.domain.wording import check_words
from banyan.errors import HomeError


@dataclass(frozen=True)
class Administrator:
    name: str
    number: str
    phone: str


@dataclass(frozen=True)
class Plan:
    """What an installation is told; `county_code` is the six or twelve digits of the county's division."""

    county: str
    county_code: str
    public_url: str
    administrator: Administrator
    port: int = 8000
    address: str = "127.0.0.1"


def checked(plan: Plan) -> Plan:
    """Return a plan as it will be written down, or raise HomeError for the first thing that cannot be."""
    admin = plan.administrator
    return replace(
        plan,
        county=county_name(plan.county),
        county_code=county_code(plan.county_code),
        public_url=public_url(plan.public_url),
        administrator=Administrator(person_name(admin.name), staff_number(admin.number), phone_number(admin.phone)),
    )


def county_name(typed: str) -> str:
    name = _text(typed, "县（市、区）的名称", 80)
    check_words(name)
    return name


def county_code(typed: str) -> str:
    digits = unicodedata.normalize("NFKC", typed).strip()
    if not re.fullmatch(r"\d{6}|\d{12}", digits, re.ASCII):
        raise HomeError("县的区划代码是 6 位或 12 位数字，不能是“{typed}”", typed=typed)
    return digits.ljust(12, "0")


def public_url(typed: str) -> str:
    """Return an address without a slash at its end, "" for none."""
    url = typed.strip().rstrip("/")
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and parts.hostname and f"{parts.scheme}://{parts.netloc}" == url
        whole = whole and "@" not in url and parts.port != 0
    except ValueError:
        whole = False
    if url and not whole:
        raise HomeError("网址要像 https://xuexi.example.gov.cn 这样，前面有 https://，后面没有路径，不能是“{typed}”", typed=typed)
    return url


def person_name(typed: str) -> str:
    return _text(typed, "姓名", 80)


def staff_number(typed: str) -> str:
    number = normalise_staff_number(typed)
    if not re.fullmatch(r"[0-9A-Z-]{1,20}", number):
        raise HomeError("工号只能是 1 至 20 位数字和字母，不能是“{typed}”", typed=typed)
    return number


def phone_number(typed: str) -> str:
    number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed))
    if not re.fullmatch(r"1\d{10}", number, re.ASCII):
        raise HomeError("手机号是 11 位数字，不能是“{typed}”", typed=typed)
    return number


def _text(typed: str, what: str, most: int) -> str:
    text = " ".join(typed.split())
    if not text or len(text) > most or not text.isprintable():
        raise HomeError("{what}要写 1 至 {most} 个字", what=what, most=most)
    return text

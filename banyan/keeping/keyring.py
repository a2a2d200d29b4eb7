"""Whether the keys of a home, and the recovery code its backups are sealed to, are what they must be."""

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from banyan.errors import HomeError
from banyan.keeping.finding import Finding, good, lost
from banyan.keeping.recovery import recipient
from banyan.settings import KEYS, SIGNING, Home
from banyan.words.language import N_

SECRET = 32  # bytes


def keys(home: Home) -> Iterator[Finding]:
    missing = [name for name in KEYS if not (home.keys / name).exists()]
    broken = [name for name in KEYS if name not in missing and not _is_sound(home.keys / name)]
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
        if path.name == SIGNING:
            return isinstance(load_pem_private_key(text, None), Ed25519PrivateKey)
        return len(bytes.fromhex(text.decode("ascii"))) == SECRET
    except (OSError, ValueError, TypeError):
        return False

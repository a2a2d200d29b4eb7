"""What holds a lesson's processes in on this system, in words."""

from dataclasses import dataclass

NAMESPACES = (
    "没有用上命名空间。请允许运行榕学的用户建命名空间：user.max_user_namespaces 大于 0，"
    "kernel.unprivileged_userns_clone 为 1，kernel.apparmor_restrict_unprivileged_userns 为 0（系统有哪个就设哪个）；"
    "systemd 里不要写 RestrictNamespaces；在容器里，请按说明放行 unshare"
)
TREE = "命名空间里换不了文件树。请允许在用户命名空间里挂载（检查 AppArmor、SELinux 或容器的限制）"
LANDLOCK = "没有用上 Landlock。请换用 5.13 以上的内核，并让启动参数 lsm= 里有 landlock"
FILTER = "没有用上系统调用过滤。请换用 x86_64 或 aarch64 的 64 位系统，内核打开 CONFIG_SECCOMP_FILTER"


@dataclass(frozen=True)
class Protection:
    """`network` and `tree` are the process's own; `landlock` is its version, 0 for none; `filtered` are system calls.

    All fields are plain, so that it can be sent on as JSON.
    """

    network: bool
    tree: bool
    landlock: int
    filtered: bool

    @property
    def holds(self) -> list[str]:
        """Say what a lesson's process cannot do."""
        return [closed for closed, _open, held in self._claims() if held]

    @property
    def open(self) -> list[str]:
        """Say what nothing here stops; empty on a system as it should be."""
        return [open for _closed, open, held in self._claims() if not held]

    @property
    def missing(self) -> list[str]:
        """Say which walls this system lacks, each with what to do, though others may do their work."""
        walls = ((NAMESPACES, self.network), (TREE, self.tree or not self.network))
        return [words for words, stands in (*walls, (LANDLOCK, self.landlock), (FILTER, self.filtered)) if not stands]

    @property
    def said(self) -> str:
        """Say all of it in a line, for the log and the doctor."""
        walls = [("独立的网络", self.network), ("独立的文件树", self.tree), (f"Landlock {self.landlock}", self.landlock)]
        standing = [words for words, stands in (*walls, ("系统调用过滤", self.filtered)) if stands]
        first = f"互动部分：{'、'.join(self.holds) or '没有任何隔离'}" + (f"（靠{'、'.join(standing)}）" if standing else "")
        left = f"。还挡不住：{'、'.join(self.open)}" if self.open else ""
        return f"{first}{left}。{''.join(f'{each}。' for each in self.missing)}"

    def _claims(self) -> tuple[tuple[str, str, bool], ...]:
        files = self.tree or self.landlock > 0
        return (
            ("没有网络", "用网络", self.network or self.filtered),
            ("看不到档案", "看档案", files),
            ("写不了文件", "写文件", files),
            ("开不了别的程序", "开别的程序", self.filtered),
            ("碰不到别的进程", "碰别的进程", self.filtered),
        )

"""System calls by name: their numbers on x86_64 and, where it has them, on aarch64, and which no lesson needs."""

from dataclasses import dataclass

from grading.confinement.system import MACHINE


@dataclass(frozen=True)
class Machine:
    """`audit` is how a filter recognises the machine, `column` where its numbers stand below."""

    audit: int
    column: int


MACHINES = {"x86_64": Machine(0xC000_003E, 0), "aarch64": Machine(0xC000_00B7, 1)}
NEWEST = 462  # mseal, of Linux 6.10; a later call is one we have not looked at

PROGRAMS = "execve execveat uselib vfork"
"""Other programs."""

OTHERS = """
    ptrace process_vm_readv process_vm_writev process_madvise process_mrelease pidfd_open pidfd_getfd pidfd_send_signal kcmp
    migrate_pages move_pages tkill rt_sigqueueinfo rt_tgsigqueueinfo perf_event_open ioprio_set
"""
"""Other processes."""

SYSTEM = """
    bpf userfaultfd keyctl add_key request_key io_uring_setup io_uring_enter io_uring_register kexec_load kexec_file_load
    init_module finit_module delete_module reboot swapon swapoff acct quotactl quotactl_fd syslog personality modify_ldt
    iopl ioperm fanotify_init inotify_init inotify_init1 lookup_dcookie
"""
"""The system itself."""

MOUNTS = """
    mount umount2 pivot_root chroot setns unshare open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr
    open_by_handle_at name_to_handle_at statmount listmount
"""
"""Other views of the files."""

MARKS = """
    chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes futimesat utimensat setxattr lsetxattr
    fsetxattr removexattr lremovexattr fremovexattr truncate
"""
"""Whom a file belongs to and what it may be used for, and its length by name."""

MEMORY = "shmget msgget semget mq_open memfd_create memfd_secret"
"""Memory and queues that outlive a process or that no limit counts."""

NEVER = " ".join((PROGRAMS, OTHERS, SYSTEM, MOUNTS, MARKS, MEMORY)).split()

TABLE = """
    acct 163 89 · add_key 248 217 · bpf 321 280 · chmod 90 - · chown 92 - · chroot 161 51 · clone 56 220 · clone3 435 435 ·
    connect 42 203 · delete_module 176 106 · execve 59 221 · execveat 322 281 · fanotify_init 300 262 · fchmod 91 52 ·
    fchmodat 268 53 · fchmodat2 452 452 · fchown 93 55 · fchownat 260 54 · finit_module 313 273 · fork 57 - ·
    fremovexattr 199 16 · fsconfig 431 431 · fsetxattr 190 7 · fsmount 432 432 · fsopen 430 430 · fspick 433 433 ·
    futimesat 261 - · init_module 175 105 · inotify_init 253 - · inotify_init1 294 26 · io_uring_enter 426 426 ·
    io_uring_register 427 427 · io_uring_setup 425 425 · ioctl 16 29 · ioperm 173 - · iopl 172 - · ioprio_set 251 30 ·
    kcmp 312 272 · kexec_file_load 320 294 · kexec_load 246 104 · keyctl 250 219 · kill 62 129 · lchown 94 - ·
    listmount 458 458 · lookup_dcookie 212 18 · lremovexattr 198 15 · lsetxattr 189 6 · memfd_create 319 279 ·
    memfd_secret 447 447 · migrate_pages 256 238 · modify_ldt 154 - · mount 165 40 · mount_setattr 442 442 ·
    move_mount 429 429 · move_pages 279 239 · mq_open 240 180 · msgget 68 186 · name_to_handle_at 303 264 ·
    open_by_handle_at 304 265 · open_tree 428 428 · perf_event_open 298 241 · personality 135 92 · pidfd_getfd 438 438 ·
    pidfd_open 434 434 · pidfd_send_signal 424 424 · pivot_root 155 41 · prctl 157 167 · prlimit64 302 261 ·
    process_madvise 440 440 · process_mrelease 448 448 · process_vm_readv 310 270 · process_vm_writev 311 271 · ptrace 101 117
    · quotactl 179 60 · quotactl_fd 443 443 · reboot 169 142 · removexattr 197 14 · request_key 249 218 ·
    rt_sigqueueinfo 129 138 · rt_tgsigqueueinfo 297 240 · sched_setaffinity 203 122 · sched_setattr 314 274 ·
    sched_setparam 142 118 · sched_setscheduler 144 119 · seccomp 317 277 · semget 64 190 · setns 308 268 ·
    setpriority 141 140 · setxattr 188 5 · shmget 29 194 · socket 41 198 · socketpair 53 199 · statmount 457 457 ·
    swapoff 168 225 · swapon 167 224 · syslog 103 116 · tgkill 234 131 · tkill 200 130 · truncate 76 45 · umount2 166 39 ·
    unshare 272 97 · uselib 134 - · userfaultfd 323 282 · utime 132 - · utimensat 280 88 · utimes 235 - · vfork 58 -
"""


def number(name: str, machine: str = MACHINE) -> int | None:
    """Return the number of a call on a machine, None where the machine has no such call."""
    return _NUMBERS[name][MACHINES[machine].column]


def _read(table: str) -> dict[str, tuple[int | None, int | None]]:
    rows = (each.split() for each in table.split("·"))
    return {name: (_known(first), _known(second)) for name, first, second in rows}


def _known(number: str) -> int | None:
    return None if number == "-" else int(number)


_NUMBERS = _read(TABLE)

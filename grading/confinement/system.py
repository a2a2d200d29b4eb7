"""Linux called by number, for what Python has no function for; a refusal is an OSError like any other."""

import ctypes
import os
import platform
from typing import Any

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.syscall.restype = ctypes.c_long
MACHINE = platform.machine()

PR_SET_PDEATHSIG, PR_GET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 2, 24, 38


def checked(result: int) -> int:
    if result == -1:
        fault = ctypes.get_errno()
        raise OSError(fault, os.strerror(fault))
    return result


def syscall(number: int, *arguments: Any) -> int:
    wide = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    return checked(LIBC.syscall(ctypes.c_long(number), *wide))


def prctl(option: int, *arguments: Any) -> int:
    wide = [ctypes.c_ulong(each) if isinstance(each, int) else each for each in (*arguments, 0, 0, 0, 0)[:4]]
    return checked(LIBC.prctl(option, *wide))

"""The process a person started: passes signals on, and clears up if its supervisor is killed.

Killed itself, it takes nothing along: the supervisor hears of it (PR_SET_PDEATHSIG) and ends everything in order.
"""

import os
import signal
import sys
import time

import click

from banyan.serve.processes import adopt_orphans, die_with_parent, end_all, reap
from banyan.serve.supervisor import HEARD, STOP, Supervisor

PATIENCE = 8.5  # seconds; the supervisor needs 7 at most, and all must be over in 10


def keep(supervisor: Supervisor) -> int:
    """Run a supervisor in a child until it ends; leave nothing behind, however it ends."""
    adopt_orphans()
    signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)
    sys.stdout.flush()
    parent = os.getpid()
    child = os.fork()
    if not child:
        adopt_orphans()
        die_with_parent(parent)
        supervisor.run()
        os._exit(0)
    asked = _wait_until_asked(child)
    ended = asked and _wait(child, PATIENCE)
    if not asked:
        click.echo("总管进程意外结束，正在停掉全部服务；请重新启动", err=True)
    end_all(polite=0.5 if asked else 3)
    return 0 if ended else 1


def _wait_until_asked(child: int) -> bool:
    """Return whether we are asked to stop, rather than the supervisor ending of itself."""
    while True:
        heard = signal.sigtimedwait(HEARD, 1)
        if heard and heard.si_signo in STOP:
            os.kill(child, signal.SIGTERM)
            return True
        if _has_ended(child):
            return False


def _wait(child: int, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if _has_ended(child):
            return True
        signal.sigtimedwait({signal.SIGCHLD}, 0.1)
    return False


def _has_ended(child: int) -> bool:
    return any(process == child for process, _ in reap())

"""Starts services, restarts what ends, and says in plain words what it is doing.

One thread, no event loop: it sleeps until a signal or a quarter of a second has passed. Being a subreaper it
inherits the orphans of a killed service, such as lesson kernels, and ends them before the service starts again.
"""

import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from banyan.serve.ports import answers, listens
from banyan.serve.processes import carries, descendants, end_all, launch, reap, send, turn_over
from banyan.serve.services import Service
from banyan.settings import Settings

STOP = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
HEARD = STOP | {signal.SIGCHLD}
BEAT = 0.25
FIRST_PAUSE, LONGEST_PAUSE, STEADY = 0.2, 10.0, 10.0  # seconds; who ran steadily starts again at once
LATE = 60.0
LOGS = 60.0
POLITE = 5.0


@dataclass
class Run:
    """One service's present life."""

    service: Service
    process: int = 0
    began: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = 0.0


class Supervisor:
    def __init__(self, services: Sequence[Service], logs: Path, settings: Settings) -> None:
        self.runs = {service.name: Run(service) for service in services}
        self.logs = logs
        self.settings = settings
        self.stopping = False
        self.announced = False
        self.logs_due = 0.0
        self.warn_at = time.monotonic() + LATE

    def run(self) -> None:
        """Keep everything running until a signal says stop; then end it all."""
        click.echo("正在启动：" + "、".join(run.service.title for run in self.runs.values()))
        while not self.stopping:
            for run in self.runs.values():
                self._start_if_due(run)
            self._listen(BEAT)
            self._announce()
            self._turn_over_logs()
        click.echo("正在停止……")
        self._stop()
        click.echo("已全部停止")

    def _start_if_due(self, run: Run) -> None:
        first = run.service.after and self.runs[run.service.after].service.port
        if run.process or time.monotonic() < run.due or (first and not listens(first)):
            return
        run.began = time.monotonic()
        run.process = launch(run.service.command, run.service.environment, self.logs / f"{run.service.name}.log")

    def _listen(self, seconds: float) -> None:
        heard = signal.sigtimedwait(HEARD, seconds)
        if heard and heard.si_signo in STOP:
            self.stopping = True
        for process, code in reap():
            for run in self.runs.values():
                if run.process == process:
                    self._bury(run, code)

    def _bury(self, run: Run, code: int) -> None:
        """Plan the next life of a service that ended, later each time it ends young."""
        run.process = 0
        if self.stopping:
            return
        self._end_orphans(run.service.name)
        young = time.monotonic() - run.began < STEADY
        run.pause = min(run.pause * 2, LONGEST_PAUSE) if young else FIRST_PAUSE
        run.due = time.monotonic() + run.pause
        log = self.logs / f"{run.service.name}.log"
        click.echo(f"{run.service.title}（{run.service.name}）意外结束，代码 {code}，{run.pause:.1f} 秒后重启；日志：{log}")

    def _end_orphans(self, name: str) -> None:
        orphans = [each for each in descendants(os.getpid()) if carries(each, f"BANYAN_SERVICE={name}")]
        send(orphans, signal.SIGKILL)

    def _announce(self) -> None:
        """Say once when all is ready, or which service keeps people waiting."""
        if self.announced:
            return
        silent = self._silent()
        if not silent:
            self.announced = True
            click.echo(f"已就绪，请打开 {self.settings.origin} （按 Ctrl-C 停止）")
        elif time.monotonic() > self.warn_at:
            self.warn_at = time.monotonic() + LATE
            click.echo(f"还没有就绪：{'、'.join(silent)}；请看日志 {self.logs}")

    def _turn_over_logs(self) -> None:
        if time.monotonic() < self.logs_due:
            return
        self.logs_due = time.monotonic() + LOGS
        for name in self.runs:
            turn_over(self.logs / f"{name}.log")

    def _silent(self) -> list[str]:
        """Return who does not listen yet; when all do, whose pages do not come through the proxy."""
        services = [run.service for run in self.runs.values()]
        silent = [each.title for each in services if each.port and not listens(each.port)]
        address, port = self.settings.address, self.settings.port
        return silent or [each.title for each in services if each.path and not answers(address, port, each.path)]

    def _stop(self) -> None:
        """Let each service end its own children first, then end whoever is left."""
        send([run.process for run in self.runs.values() if run.process], signal.SIGTERM)
        until = time.monotonic() + POLITE
        while any(run.process for run in self.runs.values()) and time.monotonic() < until:
            self._listen(0.05)
        end_all(polite=1.0)

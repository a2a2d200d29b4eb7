"""The real proxy and hub of a home and, of the services behind them, those named: run with a home, a port and names."""

import os
import sys
from pathlib import Path

from banyan.serve.__main__ import PORTS
from banyan.serve.keeper import keep
from banyan.serve.ports import free_ports
from banyan.serve.services import services
from banyan.serve.supervisor import Supervisor
from banyan.settings import Home, Settings

if __name__ == "__main__":
    home = Home.open(Path(sys.argv[1]))
    os.environ.update(BANYAN_HOME=str(home.root), BANYAN_PORT=sys.argv[2])
    os.environ.update(zip(PORTS, map(str, free_ports(len(PORTS))), strict=True))
    settings = Settings.of(home)
    chosen = [service for service in services(home, settings) if service.name in ("proxy", "hub", *sys.argv[3:])]
    sys.exit(keep(Supervisor(chosen, home.logs, settings)))

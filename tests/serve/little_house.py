"""A house of three small services, for trying the parent of a real one: run with a folder for logs and pids.

`plain` sleeps; `prolific` has a child in a session of its own, as a lesson has its kernel; `deaf` ignores SIGTERM.
"""

import os
import sys
from pathlib import Path

from banyan.serve.keeper import keep
from banyan.serve.services import Service
from banyan.serve.supervisor import Supervisor
from banyan.settings import Settings

PROGRAMS = {
    "plain": "import time; {note}; time.sleep(600)",
    "prolific": """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True)
open(r'{folder}/kernel.pid', 'w').write(str(child.pid)); {note}; time.sleep(600)""",
    "deaf": "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); {note}; time.sleep(600)",
}


def little(name: str, folder: Path) -> Service:
    note = f"import os; open(r'{folder}/{name}.pid', 'w').write(str(os.getpid()))"
    program = PROGRAMS[name].format(folder=folder, note=note)
    return Service(name, name, (sys.executable, "-c", program), dict(os.environ) | {"BANYAN_SERVICE": name})


if __name__ == "__main__":
    here, names = Path(sys.argv[1]), sys.argv[2:]
    settings = Settings(demo=True, county="", port=1)
    sys.exit(keep(Supervisor([little(name, here) for name in names], here, settings)))

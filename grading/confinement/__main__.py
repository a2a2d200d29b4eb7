"""`python -m grading.confinement [--json]`: shut this process in and say in a line what holds on this system.

With `--server` it is shut in as a person's JupyterLab is.
"""

import json
import sys
from dataclasses import asdict

from grading.confinement import confine
from grading.confinement.server import shut_in


def main() -> None:
    if "--server" in sys.argv:
        walls, _ = shut_in([], [], [])
        print(json.dumps(asdict(walls)))
        sys.exit(0 if walls.alone else 1)
    protection = confine([], [])
    print(json.dumps(asdict(protection)) if "--json" in sys.argv else protection.said)
    sys.exit(1 if protection.open else 0)


if __name__ == "__main__":
    main()

"""`python -m grading.confinement [--json]`: shut this process in and say in a line what holds on this system."""

import json
import sys
from dataclasses import asdict

from grading.confinement import confine


def main() -> None:
    protection = confine([], [])
    print(json.dumps(asdict(protection)) if "--json" in sys.argv else protection.said)
    sys.exit(1 if protection.open else 0)


if __name__ == "__main__":
    main()

"""`python -m banyan.lessons.confinement`: shut this process in and say in a line what holds on this system."""

import sys

from banyan.lessons.confinement import confine


def main() -> None:
    protection = confine([], [])
    print(protection.said)
    sys.exit(1 if protection.open else 0)


if __name__ == "__main__":
    main()

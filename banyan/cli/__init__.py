"""The `banyan` command: thin words around what other modules do, one file a noun.

A new noun is a file with its group, and its line in NOUNS.
"""

import click

from banyan.cli.backup import make_backup, restore_backup
from banyan.cli.certificates import certificates
from banyan.cli.classes import classes
from banyan.cli.courses import courses
from banyan.cli.demo import demo
from banyan.cli.doctor import look_over
from banyan.cli.exams import exams
from banyan.cli.frame import Sentences
from banyan.cli.grading import grading
from banyan.cli.home import home
from banyan.cli.install import install_home
from banyan.cli.people import people
from banyan.cli.programmes import programmes
from banyan.cli.receipts import receipts
from banyan.cli.records import records
from banyan.cli.recovery import recovery
from banyan.cli.serve import serve
from banyan.cli.units import units
from banyan.cli.upgrade import upgrade_home

NOUNS = (
    install_home, serve, make_backup, restore_backup, recovery, upgrade_home, look_over,
    home, people, units, courses, programmes, exams, records, certificates, receipts, classes, grading, demo,
)  # fmt: skip


@click.group(cls=Sentences)
def main() -> None:
    """榕学：基层工作者的学习、考试与证书。"""


for noun in NOUNS:
    main.add_command(noun)

"""The `banyan` command: thin words around what other modules do, one file a noun.

A new noun is a file with its group, and its line in NOUNS.
"""

import click

from banyan.cli.certificates import certificates
from banyan.cli.courses import courses
from banyan.cli.demo import demo
from banyan.cli.frame import Sentences
from banyan.cli.home import home
from banyan.cli.people import people
from banyan.cli.receipts import receipts
from banyan.cli.records import records
from banyan.cli.serve import serve

NOUNS = (serve, home, people, courses, demo, records, certificates, receipts)


@click.group(cls=Sentences)
def main() -> None:
    """榕学：基层工作者的学习、考试与证书。"""


for noun in NOUNS:
    main.add_command(noun)

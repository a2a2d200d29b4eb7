"""`banyan people`: who is here and how they get in."""

import click


@click.group()
def people() -> None:
    """人员。"""

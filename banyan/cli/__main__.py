"""`python -m banyan.cli` is the `banyan` command."""

from banyan.cli import main

main(prog_name="banyan")

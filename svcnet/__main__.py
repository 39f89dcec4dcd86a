"""`python -m svcnet` is `svcnet`."""

from svcnet.cli.app import run_process

run_process()

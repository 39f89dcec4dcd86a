"""`python -m svcnet` is `svcnet`."""

from svcnet.cli.process import run_process

run_process()

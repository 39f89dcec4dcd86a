"""`python -m svcnet` is `svcnet`."""

from svcnet.cli.app import main

raise SystemExit(main())

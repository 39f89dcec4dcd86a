"""Tests of `svcnet.api.schemas`."""

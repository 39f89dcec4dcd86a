"""A state behaves as two dictionaries would: objects by key, and owners by value."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from svcnet.api.keys import Document, Key
from svcnet.store.opening import create, open_reader
from svcnet.store.pools import Pool, Taken
from svcnet.store.transaction import Transaction
from tests.store.objects import NOW, SETTINGS, service

keys = st.builds(Key, st.just("services"), st.sampled_from(("one", "two")), st.sampled_from("abc"))
ports = st.integers(min_value=30000, max_value=30005)


class StateMachine(RuleBasedStateMachine):
    """Commands over a file, each of which commits or fails, beside the dictionaries."""

    @initialize()
    def found(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.where = str(Path(self.folder.name) / "state.db")
        self.store = create(self.where, SETTINGS, force=False)
        self.objects: dict[Key, Document] = {}
        self.owners: dict[int, Key] = {}
        self._begin()

    def _begin(self) -> None:
        self.context = self.store.transaction(NOW)
        self.txn: Transaction = self.context.__enter__()
        self.new_objects, self.new_owners = dict(self.objects), dict(self.owners)

    @rule(key=keys, number=st.integers(0, 3))
    def put(self, key: Key, number: int) -> None:
        document = service(key.name, key.namespace, number=number)
        self.new_objects[key] = self.txn.put(document)

    @rule(key=keys)
    def delete(self, key: Key) -> None:
        for port in self.txn.claimed_by(Pool.NODE_PORTS, key):
            self.txn.release(Pool.NODE_PORTS, port)
        self.txn.delete(key)
        self.new_objects.pop(key, None)
        self.new_owners = {port: each for port, each in self.new_owners.items() if each != key}

    @precondition(lambda self: self.new_objects)
    @rule(data=st.data(), port=ports)
    def claim(self, data: st.DataObject, port: int) -> None:
        key = data.draw(st.sampled_from(sorted(self.new_objects)))
        if self.new_owners.setdefault(port, key) == key:
            self.txn.claim(Pool.NODE_PORTS, port, key)
        else:
            with pytest.raises(Taken):
                self.txn.claim(Pool.NODE_PORTS, port, key)

    @rule(port=ports)
    def release(self, port: int) -> None:
        self.txn.release(Pool.NODE_PORTS, port)
        self.new_owners.pop(port, None)

    @rule()
    def commit(self) -> None:
        self.context.__exit__(None, None, None)
        self.objects, self.owners = self.new_objects, self.new_owners
        with open_reader(self.where) as reader:
            assert reader.list("services") == [each for _, each in sorted(self.objects.items())]
            claims = reader.claims(Pool.NODE_PORTS, 0, 65535, 100)
            assert claims == sorted(self.owners.items())
        self._begin()

    @rule()
    def fail(self) -> None:
        assert not self.context.__exit__(ValueError, ValueError("a mistake"), None)
        self._begin()

    @invariant()
    def the_command_sees_what_it_wrote(self) -> None:
        if not hasattr(self, "txn"):
            return
        assert self.txn.list("services") == [each for _, each in sorted(self.new_objects.items())]
        assert list(self.txn.taken(Pool.NODE_PORTS, 0, 65535)) == sorted(self.new_owners)
        assert self.txn.count(Pool.NODE_PORTS, 30002, 30004) == sum(
            30002 <= port <= 30004 for port in self.new_owners
        )
        for port in range(30000, 30006):
            assert self.txn.owner(Pool.NODE_PORTS, port) == self.new_owners.get(port)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.context.__exit__(None, None, None)
            self.store.close()
            self.folder.cleanup()


TestState = StateMachine.TestCase
TestState.settings = settings(max_examples=20, stateful_step_count=25)  # Files take their time.

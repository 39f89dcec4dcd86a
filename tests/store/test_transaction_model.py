"""A state behaves as two dictionaries would: objects by key, and owners by value.

What objects are indexed under is what looking at all of them tells.
"""

from __future__ import annotations

import tempfile

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from svcnet.api.index_values import by_selector
from svcnet.api.keys import Document, Key
from svcnet.api.tallies import objects_of
from svcnet.store.pools import ClaimTaken, Pool
from svcnet.store.transaction import Transaction
from tests.store.kinds_of_store import made
from tests.store.objects import NOW, service

keys = st.builds(Key, st.just("services"), st.sampled_from(("one", "two")), st.sampled_from("abc"))
SLOWLY = settings(stateful_step_count=25)  # Databases take their time.

ports = st.integers(min_value=30000, max_value=30005)


def selecting(objects: dict[Key, Document], number: int) -> list[Document]:
    """Return the objects with that selector, by key."""
    wanted = {"selector": {"number": str(number)}}
    return [each for _, each in sorted(objects.items()) if each["spec"] == wanted]


class StateMachine(RuleBasedStateMachine):
    """Commands, each of which commits or fails, beside the dictionaries."""

    kind = "sqlite"
    where = ""

    @initialize()
    def found(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.store = made(self.kind, self.where or f"{self.folder.name}/state.db")
        self.objects: dict[Key, Document] = {}
        self.owners: dict[int, Key] = {}
        self._begin()

    def _begin(self) -> None:
        self.context = self.store.transaction(NOW)
        self.txn: Transaction = self.context.__enter__()
        self.new_objects, self.new_owners = dict(self.objects), dict(self.owners)

    @rule(key=keys, number=st.integers(0, 3))
    def put(self, key: Key, number: int) -> None:
        document = service(key.name, key.namespace, selector={"number": str(number)})
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
            with pytest.raises(ClaimTaken):
                self.txn.claim(Pool.NODE_PORTS, port, key)

    @rule(port=ports)
    def release(self, port: int) -> None:
        self.txn.release(Pool.NODE_PORTS, port)
        self.new_owners.pop(port, None)

    @rule()
    def commit(self) -> None:
        self.context.__exit__(None, None, None)
        self.objects, self.owners = self.new_objects, self.new_owners
        with self.store.reader() as reader:
            assert reader.list("services") == [each for _, each in sorted(self.objects.items())]
            for number in range(4):
                value = by_selector({"number": str(number)})
                assert reader.indexed("services", value) == selecting(self.objects, number)
            assert reader.tally(objects_of("services", "two")) == sum(
                key.namespace == "two" for key in self.objects
            )
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
        for number in range(4):
            value = by_selector({"number": str(number)})
            assert self.txn.indexed("services", value) == selecting(self.new_objects, number)
        assert self.txn.tally(objects_of("services", "one")) == sum(
            key.namespace == "one" for key in self.new_objects
        )
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


@pytest.mark.parametrize("kind", ["sqlite", "sqlalchemy"])
def test_a_file_behaves_as_two_dictionaries(kind: str) -> None:
    machine = type("Machine", (StateMachine,), {"kind": kind})
    run_state_machine_as_test(machine, settings=settings(SLOWLY, max_examples=20))


def test_a_server_behaves_as_two_dictionaries(postgres: str) -> None:
    machine = type("Machine", (StateMachine,), {"kind": "postgres", "where": postgres})
    run_state_machine_as_test(machine, settings=settings(SLOWLY, max_examples=4))

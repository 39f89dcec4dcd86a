"""kubectl's `-o go-template`: Go's text/template over a document.

A template runs until its first mistake, and what it printed by then stays printed: Go writes as it
goes along.  Errors point at the node that was begun last, with line and column.

Source: go text/template/exec.go; cli-runtime pkg/printers/template.go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, assert_never

from svcnet.api.go.fmt import GoInt, sprint, type_name
from svcnet.api.go.json import marshal_numbers
from svcnet.api.keys import Document
from svcnet.cli.templates.errors import RenderError
from svcnet.cli.templates.gotemplate_functions import (
    FUNCTIONS,
    MISSING,
    CallError,
    Function,
    truth,
)
from svcnet.cli.templates.gotemplate_nodes import (
    ActionNode,
    BranchNode,
    ChainNode,
    CommandNode,
    ConstantNode,
    DotNode,
    FieldNode,
    IdentifierNode,
    JumpNode,
    NilNode,
    Node,
    Operand,
    PipeNode,
    Template,
    TemplateNode,
    TextNode,
    VariableNode,
)
from svcnet.cli.templates.gotemplate_parser import TemplateError, parse
from svcnet.errors import UsageError, go_quote
from svcnet.lean_namedtuple import NamedTuple

_DEEPEST = 60
"""How many templates may stand in each other here; Go allows 100,000, and says so."""


def check(template: str) -> None:
    """Refuse a template that cannot be read, before anything is asked of the state.

    Raises:
        UsageError: ``error parsing template {{.a, template: output:1: unclosed action``.
    """
    try:
        parse(template)
    except TemplateError as error:
        raise UsageError(f"error parsing template {template}, {error}") from None


def render(template: str, document: Document, *, missing_ok: bool = True) -> str:
    """Return what a template prints of a document; there is no newline at the end.

    Args:
        template: the text of a Go template.
        document: an object, or a List of them.
        missing_ok: print ``<no value>`` for a field that is not there, instead of failing.

    Raises:
        UsageError: the template cannot be read.
        RenderError: it does not fit the document; `printed` then holds what was printed up to
            there and, as kubectl does it, the template and the document.
    """
    check(template)
    run = _Run(parse(template), missing_ok=missing_ok)
    try:
        run.execute(document)
    except TemplateError as error:
        printed = "".join(run.printed) + (
            f"Error executing template: {error}. "
            "Printing more information for debugging the template:\n"
            f"\ttemplate was:\n\t\t{template}\n"
            f"\traw data was:\n\t\t{marshal_numbers(document)}\n"
            f"\tobject given to template engine was:\n\t\t{sprint(document)}\n\n"
        )
        raise RenderError(
            f"error executing template {go_quote(template)}: {error}", printed
        ) from None
    return "".join(run.printed)


class _Value(NamedTuple):
    """A value, and whether Go holds it as a member of something, so that its type is not known."""

    value: Any
    boxed: bool = False


_NONE = _Value(MISSING)


class _Jumped(Exception):
    """A `break` or `continue` is on its way to its range."""

    def __init__(self, keyword: str) -> None:
        self.keyword = keyword


class _Run:
    """One execution; `_node` is what errors point at, which is the last node that was begun."""

    def __init__(self, template: Template, *, missing_ok: bool) -> None:
        self.printed: list[str] = []
        self._template = template
        self._missing_ok = missing_ok
        self._name = "output"
        self._depth = 0
        self._variables: list[tuple[str, _Value]] = []
        self._node: Operand | CommandNode | TemplateNode = DotNode(0)

    def execute(self, document: Document) -> None:
        """Print what the template makes of a document."""
        self._variables.append(("$", _Value(document)))
        self._list(_Value(document), self._template.bodies["output"])

    def _error(self, message: str) -> TemplateError:
        """Return an error that points at the node that was begun last."""
        # The column counts bytes from 0, the line from 1 (parse/parse.go ErrorContext()).
        before = self._template.text[: self._node.at]
        column = len(before[before.rfind("\n") + 1 :].encode(errors="surrogateescape"))
        line = before.count("\n") + 1
        return TemplateError(
            f"template: output:{line}:{column}: executing {go_quote(self._name)} "
            f"at <{self._node}>: {message}"
        )

    # Statements.

    def _list(self, dot: _Value, nodes: tuple[Node, ...]) -> None:
        for node in nodes:
            self._statement(dot, node)

    def _statement(self, dot: _Value, node: Node) -> None:
        match node:
            case TextNode(text):
                self.printed.append(text)
            case ActionNode(pipeline):
                # An action that sets a variable prints nothing (exec.go walk()).
                value = self._pipeline(dot, pipeline).value
                if not pipeline.variables:
                    self.printed.append("<no value>" if value is MISSING else sprint(value))
            # A variable lives to the end of the branch that declares it.
            case BranchNode("range"):
                self._scoped(lambda: self._range(dot, node))
            case BranchNode():
                self._scoped(lambda: self._condition(dot, node))
            case JumpNode(keyword):
                raise _Jumped(keyword)
            case TemplateNode():
                self._call(dot, node)
            case _:
                assert_never(node)

    def _scoped(self, run: Any) -> None:
        """Run something, and forget the variables it declared."""
        known = len(self._variables)
        try:
            run()
        finally:
            del self._variables[known:]

    def _condition(self, dot: _Value, node: BranchNode) -> None:
        """Carry out `if` or `with`."""
        value = self._pipeline(dot, node.pipeline)
        if truth(value.value):
            self._list(value if node.keyword == "with" else dot, node.body)
        elif node.otherwise is not None:
            self._list(dot, node.otherwise)

    def _range(self, dot: _Value, node: BranchNode) -> None:
        """Carry out `range`: the body for each element, or what stands under `else`."""
        # The variables of a range get its elements, never the list itself.
        value = self._pipeline(dot, node.pipeline, declare=False).value
        counts = isinstance(value, int) and not isinstance(value, bool)
        if counts and len(node.pipeline.variables) > 1:
            raise self._error(f"can't use {value} to iterate over more than one variable")
        ran = False
        for key, element in self._elements(value):
            ran = True
            known = len(self._variables)
            self._bind(node.pipeline, key, element)
            try:
                self._list(element, node.body)
            except _Jumped as jump:
                if jump.keyword == "break":
                    return
            finally:
                del self._variables[known:]
        if not ran and node.otherwise is not None:
            self._list(dot, node.otherwise)

    def _elements(self, value: Any) -> Iterator[tuple[_Value, _Value]]:
        """Return the keys and elements of what is ranged over; maps are gone through by key."""
        match value:
            case list():
                pairs: Iterator[tuple[Any, Any]] = enumerate(value)
                return ((_Value(GoInt(at)), _Value(each, boxed=True)) for at, each in pairs)
            case dict():
                return ((_Value(key), _Value(value[key], boxed=True)) for key in sorted(value))
            case int() if not isinstance(value, bool):
                make = type(value)
                return ((_Value(make(at)), _Value(make(at))) for at in range(value))
            case _ if value is MISSING or value is None:
                return iter(())
            case _:
                raise self._error(f"range can't iterate over {sprint(value)}")

    def _bind(self, pipeline: PipeNode, key: _Value, element: _Value) -> None:
        """Set the variables of a range for one element; a single one gets the element."""
        names = pipeline.variables
        values = (element,) if len(names) == 1 else (key, element)
        for name, value in zip(names, values, strict=False):
            self._set(name, value, assigns=pipeline.assigns)

    def _call(self, dot: _Value, node: TemplateNode) -> None:
        """Carry out another template, which sees none of the variables here."""
        self._node = node
        body = self._template.bodies.get(node.name)
        if body is None:
            raise self._error(f"template {go_quote(node.name)} not defined")
        # Told in Go's words, though Python's stack ends much sooner than Go's.
        if self._depth == _DEEPEST:
            raise self._error("exceeded maximum template depth (100000)")
        argument = self._pipeline(dot, node.pipeline) if node.pipeline else _NONE
        outer = self._variables, self._name
        self._variables, self._name = [("$", argument)], node.name
        self._depth += 1
        self._list(argument, body)
        self._depth -= 1
        self._variables, self._name = outer

    # Pipelines.

    def _pipeline(self, dot: _Value, node: PipeNode, *, declare: bool = True) -> _Value:
        """Return the value of a pipeline; each command gets the value before it last."""
        self._node = node
        value: _Value | None = None
        for command in node.commands:
            # A pipeline unpacks its value, so that null becomes what is not there.
            result = self._command(dot, command, value).value
            value = _NONE if result is None else _Value(result)
        assert value is not None
        if declare:
            for name in node.variables:
                self._set(name, value, assigns=node.assigns)
        return value

    def _set(self, name: str, value: _Value, *, assigns: bool) -> None:
        """Declare a variable, or set the one declared last under its name."""
        if not assigns:
            self._variables.append((name, value))
            return
        # From the innermost scope outwards, as the name may be declared in several.
        for index in range(len(self._variables) - 1, -1, -1):
            if self._variables[index][0] == name:
                self._variables[index] = (name, value)
                return
        raise self._error(f"undefined variable: {name}")

    def _command(self, dot: _Value, node: CommandNode, final: _Value | None) -> _Value:
        """Return the value of a command; only functions take arguments.

        Args:
            dot: the value that the template is at.
            node: the command.
            final: what stands before the bar, and becomes the last argument; None without one.
        """
        first = node.operands[0]
        given = len(node.operands) > 1 or final is not None
        match first:
            case IdentifierNode():
                return self._function(dot, first, node, final)
            case FieldNode() | ChainNode():
                return self._operand(dot, first, given=given)
            case VariableNode(_, _, names) if names:
                return self._operand(dot, first, given=given)
            case VariableNode() | ConstantNode() | DotNode():
                self._node = first
        if given:
            raise self._error(f"can't give argument to non-function {first}")
        if isinstance(first, NilNode):
            self._node = first
            raise self._error("nil is not a command")
        return self._operand(dot, first)

    def _operand(self, dot: _Value, node: Operand, *, given: bool = False) -> _Value:  # noqa: PLR0911 - a case each
        """Return the value of an operand; `given` tells that arguments follow it."""
        if not isinstance(node, PipeNode):
            self._node = node
        match node:
            case DotNode():
                return dot
            case NilNode():
                return _Value(None)
            case ConstantNode(_, value, _):
                return _Value(value)
            case FieldNode(_, names):
                return self._members(dot, names, given=given)
            case VariableNode(_, name, names):
                return self._members(self._variable(name), names, given=given)
            case ChainNode(_, inner, names):
                return self._members(self._inner(dot, node, inner), names, given=given)
            case PipeNode():
                return self._pipeline(dot, node)
            case IdentifierNode():
                return self._function(dot, node, CommandNode(node.at, (node,)), None)
            case _:
                assert_never(node)

    def _inner(self, dot: _Value, node: ChainNode, inner: Operand) -> _Value:
        if isinstance(inner, NilNode):
            raise self._error(f"indirection through explicit nil in {node}")
        return self._operand(dot, inner)

    def _variable(self, name: str) -> _Value:
        values = [value for known, value in self._variables if known == name]
        if not values:
            raise self._error(f"undefined variable: {name}")
        return values[-1]

    def _members(self, receiver: _Value, names: tuple[str, ...], *, given: bool) -> _Value:
        for index, name in enumerate(names):
            receiver = self._member(receiver, name, given=given and index == len(names) - 1)
        return receiver

    def _member(self, receiver: _Value, name: str, *, given: bool) -> _Value:
        """Return a member of a map; of what is not there, nothing."""
        value, boxed = receiver
        # Members of nothing are nothing, but those of a null are a mistake.
        if value is MISSING or (value is None and not boxed):
            if not self._missing_ok:
                raise self._error(f"nil data; no entry for key {go_quote(name)}")
            return _NONE
        if value is None:
            raise self._error(f"nil pointer evaluating interface {{}}.{name}")
        # Go names the type it knows statically: that of a member is only `interface {}`.
        if not isinstance(value, dict):
            shown = "interface {}" if boxed else type_name(value)
            raise self._error(f"can't evaluate field {name} in type {shown}")
        if given:
            raise self._error(f"{name} is not a method but has arguments")
        if name in value:
            return _Value(value[name], boxed=True)
        if not self._missing_ok:
            raise self._error(f"map has no entry for key {go_quote(name)}")
        return _NONE

    # Functions.

    def _function(
        self, dot: _Value, name: IdentifierNode, node: CommandNode, final: _Value | None
    ) -> _Value:
        """Return what a function makes of its arguments."""
        self._node = name
        operands = node.operands[1:]
        count = len(operands) + (final is not None)
        # These two do not look at arguments that they do not need.
        if name.name in {"and", "or"}:
            self._check_count(name.name, 1, count, len(operands), more=True)
            return self._shortcut(dot, name.name, operands, final)
        function = FUNCTIONS[name.name]
        self._check_count(name.name, function.fixed, count, len(operands), more=function.more)
        arguments = [
            self._argument(self._operand(dot, operand), operand, function, index)
            for index, operand in enumerate(operands)
        ]
        if final is not None:
            arguments.append(self._argument(final, None, function, len(operands)))
        try:
            return _Value(function.call(*arguments))
        except CallError as error:
            # Of a call that fails the whole command is shown, arguments included.
            self._node = node
            raise self._error(f"error calling {name.name}: {error}") from None

    def _check_count(self, name: str, fixed: int, count: int, written: int, *, more: bool) -> None:
        if more and count < fixed:
            raise self._error(
                f"wrong number of args for {name}: want at least {fixed} got {written}"
            )
        if not more and count != fixed:
            raise self._error(f"wrong number of args for {name}: want {fixed} got {count}")

    def _shortcut(
        self, dot: _Value, name: str, operands: tuple[Operand, ...], final: _Value | None
    ) -> _Value:
        """Return the first argument of `and` or `or` that decides, or the last."""
        value = _NONE
        for operand in operands:
            value = self._operand(dot, operand)
            if truth(value.value) == (name == "or"):
                return value
        return value if final is None else final

    def _argument(
        self, given: _Value, operand: Operand | None, function: Function, index: int
    ) -> Any:
        """Return an argument as the function takes it.

        Raises:
            TemplateError: the function wants text first, and this is none (exec.go evalArg(),
                validateType()).
        """
        value = given.value
        if index == 0 and function.text and not isinstance(value, str):
            if isinstance(operand, NilNode):
                raise self._error("cannot assign nil to string")
            if isinstance(operand, ConstantNode):
                raise self._error(f"expected string; found {operand}")
            if value is MISSING or value is None:
                raise self._error("invalid value; expected string")
            raise self._error(f"wrong type for value; expected string; got {type_name(value)}")
        return None if value is MISSING and not function.raw else value

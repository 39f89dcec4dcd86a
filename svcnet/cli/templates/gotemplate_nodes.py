"""What a Go template is made of; `str()` of a node is what errors show of it.

A node is shown as Go spells it and not as it was typed: with one blank between operands and none
inside of parentheses.  `at` is where it begins in the template's text, in characters.

Source: go text/template/parse/node.go.
"""

from __future__ import annotations

from typing import TypeAlias

from svcnet.lean_namedtuple import NamedTuple


class TextNode(NamedTuple):
    """Text to print as it stands."""

    text: str


class DotNode(NamedTuple):
    """`.`: the value that the template is at."""

    at: int

    def __str__(self) -> str:
        return "."


class NilNode(NamedTuple):
    """`nil`."""

    at: int

    def __str__(self) -> str:
        return "nil"


class ConstantNode(NamedTuple):
    """A string, number or boolean, with its spelling."""

    at: int
    value: str | float | bool
    source: str

    def __str__(self) -> str:
        return self.source


class FieldNode(NamedTuple):
    """`.spec.type`: members of the value the template is at."""

    at: int
    names: tuple[str, ...]

    def __str__(self) -> str:
        return "".join(f".{name}" for name in self.names)


class VariableNode(NamedTuple):
    """`$port.name`: a variable, and members of it."""

    at: int
    name: str
    names: tuple[str, ...]

    def __str__(self) -> str:
        return ".".join((self.name, *self.names))


class IdentifierNode(NamedTuple):
    """The name of a function."""

    at: int
    name: str

    def __str__(self) -> str:
        return self.name


class ChainNode(NamedTuple):
    """`(pipeline).name`: members of something other than a field or a variable."""

    at: int
    node: Operand
    names: tuple[str, ...]

    def __str__(self) -> str:
        return _operand(self.node) + "".join(f".{name}" for name in self.names)


class CommandNode(NamedTuple):
    """A value, or a function with its arguments."""

    at: int
    operands: tuple[Operand, ...]

    def __str__(self) -> str:
        return " ".join(map(_operand, self.operands))


class PipeNode(NamedTuple):
    """Commands, each of which hands its result to the next, and the variables that get the last."""

    at: int
    variables: tuple[str, ...]
    assigns: bool
    """The variables are there already (`=`), instead of new (`:=`)."""
    commands: tuple[CommandNode, ...]

    def __str__(self) -> str:
        sign = "=" if self.assigns else ":="
        declared = f"{', '.join(self.variables)} {sign} " if self.variables else ""
        return declared + " | ".join(map(str, self.commands))


class ActionNode(NamedTuple):
    """`{{pipeline}}`: prints its value, unless a variable gets it."""

    pipeline: PipeNode


class BranchNode(NamedTuple):
    """`{{if}}`, `{{with}}` or `{{range}}`, told apart by `keyword`."""

    keyword: str
    pipeline: PipeNode
    body: tuple[Node, ...]
    otherwise: tuple[Node, ...] | None


class JumpNode(NamedTuple):
    """`{{break}}` or `{{continue}}`."""

    keyword: str


class TemplateNode(NamedTuple):
    """`{{template "name" pipeline}}`."""

    at: int
    name: str
    source: str
    """The name as it is spelt, in quotes."""
    pipeline: PipeNode | None

    def __str__(self) -> str:
        argument = f" {self.pipeline}" if self.pipeline else ""
        return f"{{{{template {self.source}{argument}}}}}"


# After the classes: the aliases are evaluated, unlike the annotations that use them.
Operand: TypeAlias = (
    DotNode
    | NilNode
    | ConstantNode
    | FieldNode
    | VariableNode
    | IdentifierNode
    | ChainNode
    | PipeNode
)
Node: TypeAlias = TextNode | ActionNode | BranchNode | JumpNode | TemplateNode


def _operand(node: Operand) -> str:
    # The parentheses were dropped by the parser; without them it would read as another command.
    return f"({node})" if isinstance(node, PipeNode) else str(node)


class Template(NamedTuple):
    """A parsed template and those that it defines, by name; its own name is `output`."""

    text: str
    bodies: dict[str, tuple[Node, ...]]

"""Go templates, from tokens to nodes.

Names of functions and variables are checked here and not when a template runs, so that a mistake in
a branch that is never taken is told as well.

Source: go text/template/parse/parse.go.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import ClassVar

from svcnet.api.go.fmt import GoInt
from svcnet.cli.templates.gotemplate_lexer import Token, tokens
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
from svcnet.cli.templates.jsonpath_parser import unquote
from svcnet.errors import UsageError, go_quote

FUNCTIONS = frozenset(
    (
        "and",
        "base64decode",
        "call",
        "eq",
        "exists",
        "ge",
        "gt",
        "html",
        "index",
        "js",
        "le",
        "len",
        "lt",
        "ne",
        "not",
        "or",
        "print",
        "printf",
        "println",
        "slice",
        "urlquery",
    )
)
_INTEGER = re.compile(r"[+-]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|[0-9]+)\Z")
_INT64 = range(-(2**63), 2**63)
_FLOAT = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\Z")

_DEEPEST = 60
"""How many parentheses and branches may stand in each other; Go allows 10,000."""


class TemplateError(UsageError):
    """A template cannot be read or carried out; the message is Go's."""


@lru_cache(maxsize=16)
def parse(text: str) -> Template:
    """Return a template and those it defines.

    Raises:
        TemplateError: ``template: output:1: unclosed action``.
    """
    return _Parser(text).template()


class _Parser:
    """Recursive descent with look-ahead; `_ahead` holds the tokens that were read and put back."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens(text)
        self._ahead: list[Token] = []
        self._last = Token("EOF", "EOF", 0, 1)
        self._action_line = 0
        self._variables = ["$"]
        self._ranges = self._depth = 0
        self._bodies: dict[str, tuple[Node, ...]] = {}

    def template(self) -> Template:
        """Return the whole template."""
        body: list[Node] = []
        while self._peek().kind != "EOF":
            parsed = self._text_or_action(top=True)
            if isinstance(parsed, str):
                raise self._error(f"unexpected {{{{{parsed}}}}}")
            body.extend(parsed)
        return Template(self._text, {**self._bodies, "output": tuple(body)})

    # Tokens.

    def _next(self) -> Token:
        """Take the next token; after the last one, that again."""
        self._last = self._ahead.pop() if self._ahead else next(self._tokens, self._last)
        return self._last

    def _next_word(self) -> Token:
        """Take the next token that is no blank."""
        while (token := self._next()).kind == "space":
            pass
        return token

    def _peek(self) -> Token:
        token = self._next()
        self._ahead.append(token)
        return token

    def _peek_word(self) -> Token:
        token = self._next_word()
        self._ahead.append(token)
        return token

    def _expect(self, kind: str, context: str) -> Token:
        """Take the next token, which must be of a kind."""
        token = self._next_word()
        if token.kind != kind:
            raise self._misplaced(token, context)
        return token

    def _error(self, message: str) -> TemplateError:
        """Return an error that tells the line of the token that was read last."""
        return TemplateError(f"template: output:{self._last.line}: {message}")

    def _misplaced(self, token: Token, context: str) -> TemplateError:
        """Return the error for a token that may not stand where it does."""
        if token.kind != "error":
            return self._error(f"unexpected {token} in {context}")
        started = ""
        if self._action_line not in {0, token.line}:
            started = f" started at output:{self._action_line}"
            if not token.text.endswith(" action"):
                started = f" in action{started}"
        return self._error(f"{token}{started}")

    # Actions.

    def _text_or_action(self, *, top: bool = False) -> tuple[Node, ...] | str:
        """Return what comes next; `end` and `else` are told by name."""
        token = self._next_word()
        if token.kind == "text":
            return (TextNode(token.text),)
        if token.kind != "{{":
            raise self._misplaced(token, "input")
        self._action_line = token.line
        first = self._next_word()
        # In a branch a definition would depend on data; there `define` is an unexpected token.
        if first.kind == "define" and top:
            self._define()
            return ()
        if first.kind in self._CONTROLS:
            return self._CONTROLS[first.kind](self, first)
        self._ahead.append(first)
        return (ActionNode(self._pipeline("command", "}}")),)

    def _list(self) -> tuple[tuple[Node, ...], str]:
        """Return the nodes up to an `end` or `else`, and which of them it is."""
        body: list[Node] = []
        while self._peek_word().kind != "EOF":
            parsed = self._text_or_action()
            if isinstance(parsed, str):
                return tuple(body), parsed
            body.extend(parsed)
        raise self._error("unexpected EOF")

    def _branch(self, token: Token) -> tuple[Node, ...]:
        """Return an `if`, `with` or `range` with all that belongs to it."""
        self._deeper()
        keyword = token.kind
        known = len(self._variables)
        pipeline = self._pipeline(keyword, "}}")
        # `break` is judged while parsing, by how many ranges are open around it.
        self._ranges += keyword == "range"
        body, stop = self._list()
        self._ranges -= keyword == "range"
        otherwise = self._otherwise(keyword) if stop == "else" else None
        # What the branch declared is seen under its `else` too, but not behind its `end`.
        del self._variables[known:]
        self._depth -= 1
        return (BranchNode(keyword, pipeline, body, otherwise),)

    def _otherwise(self, keyword: str) -> tuple[Node, ...]:
        """Return what stands under `else`; `else if` is an `if` within it that shares its end."""
        if keyword != "range" and self._peek_word().kind == keyword:
            return self._branch(self._next_word())
        body, stop = self._list()
        if stop != "end":
            raise self._error(f"expected end; found {{{{{stop}}}}}")
        return body

    def _end(self, _token: Token) -> str:
        self._expect("}}", "end")
        return "end"

    def _else(self, _token: Token) -> str:
        if self._peek_word().kind not in {"if", "with"}:
            self._expect("}}", "else")
        return "else"

    def _jump(self, token: Token) -> tuple[Node, ...]:
        self._expect("}}", f"{{{{{token.kind}}}}}")
        if not self._ranges:
            raise self._error(f"{{{{{token.kind}}}}} outside {{{{range}}}}")
        return (JumpNode(token.kind),)

    def _name(self, context: str) -> tuple[Token, str]:
        token = self._next_word()
        if token.kind not in {"string", "raw"}:
            raise self._misplaced(token, context)
        return token, self._unquoted(token)

    def _call(self, _token: Token) -> tuple[Node, ...]:
        token, name = self._name("template clause")
        pipeline = None
        if self._peek_word().kind == "}}":
            self._next_word()
        else:
            pipeline = self._pipeline("template clause", "}}")
        return (TemplateNode(token.at, name, go_quote(name), pipeline),)

    def _define(self) -> None:
        """Take a template that is defined here."""
        _, name = self._name("define clause")
        self._expect("}}", "define clause")
        self._body(name, "define clause")

    def _block(self, _token: Token) -> tuple[Node, ...]:
        """Take a template that is defined here, and return the call of it."""
        token, name = self._name("block clause")
        pipeline = self._pipeline("block clause", "}}")
        self._body(name, "block clause")
        return (TemplateNode(token.at, name, go_quote(name), pipeline),)

    def _body(self, name: str, context: str) -> None:
        # A template that is defined sees none of the variables around it.
        outer, self._variables = self._variables, ["$"]
        body, stop = self._list()
        self._variables = outer
        if stop != "end":
            raise self._error(f"unexpected {{{{{stop}}}}} in {context}")
        self._bodies[name] = body

    # Pipelines.

    def _pipeline(self, context: str, end: str) -> PipeNode:
        """Return commands up to a closing token."""
        at = self._peek_word().at
        variables, assigns = self._declarations(context)
        commands: list[CommandNode] = []
        while (token := self._next_word()).kind != end:
            if token.kind not in self._TERMS:
                raise self._misplaced(token, context)
            self._ahead.append(token)
            commands.append(self._command())
        if not commands:
            raise self._error(f"missing value for {context}")
        for stage, command in enumerate(commands[1:], start=2):
            # These take no argument, but would get what stands before the bar.
            if isinstance(command.operands[0], ConstantNode | DotNode | NilNode):
                raise self._error(f"non executable command in pipeline stage {stage}")
        return PipeNode(at, variables, assigns, tuple(commands))

    def _declarations(self, context: str) -> tuple[tuple[str, ...], bool]:
        """Return the variables that a pipeline sets, and whether they are there already."""
        names: list[str] = []
        while self._peek_word().kind == "variable":
            variable = self._next_word()
            after = self._peek()
            sign = self._peek_word()
            if sign.kind in {":=", "="}:
                self._next_word()
                names.append(variable.text)
                self._variables.extend(names)
                return tuple(names), sign.kind == "="
            # It is an argument after all: put it back, and the blank after it.
            if sign.text != ",":
                self._put_back(variable, after)
                break
            self._next_word()
            names.append(variable.text)
            if context != "range" or len(names) > 1:
                raise self._error(f"too many declarations in {context}")
            if self._peek_word().kind not in {"variable", "}}", ")"}:
                raise self._error("range can only initialize variables")
        self._variables.extend(names)
        return tuple(names), False

    def _put_back(self, variable: Token, after: Token) -> None:
        """Return a variable to the tokens, last in first out, with the blank that followed it."""
        if after.kind == "space":  # peeking at the word after it has dropped it
            self._ahead.append(after)
        self._ahead.append(variable)

    def _command(self) -> CommandNode:
        """Return operands up to a bar or the end."""
        at = self._peek_word().at
        operands: list[Operand] = []
        while True:
            self._peek_word()
            operand = self._operand()
            if operand is not None:
                operands.append(operand)
            token = self._next()
            if token.kind == "space":
                continue
            if token.kind in {"}}", ")"}:
                self._ahead.append(token)
            elif token.kind != "|":
                raise self._misplaced(token, "operand")
            break
        if not operands:
            raise self._error("empty command")
        return CommandNode(at, tuple(operands))

    def _operand(self) -> Operand | None:
        """Return a value, with the members that are taken of it."""
        node = self._term()
        first = self._peek()
        if node is None or first.kind != "field":
            return node
        names: list[str] = []
        while self._peek().kind == "field":
            names.append(self._next().text[1:])
        match node:
            case FieldNode(_, before):
                return FieldNode(first.at, (*before, *names))
            case VariableNode(_, name, before):
                return VariableNode(first.at, name, (*before, *names))
            case ConstantNode() | NilNode() | DotNode():
                raise self._error(f"unexpected . after term {go_quote(str(node))}")
            case _:
                return ChainNode(first.at, node, tuple(names))

    def _term(self) -> Operand | None:
        """Return a value without members; None when no value comes next."""
        token = self._next_word()
        if token.kind in self._TERMS:
            return self._TERMS[token.kind](self, token)
        self._ahead.append(token)
        return None

    def _variable(self, token: Token) -> Operand:
        if token.text not in self._variables:
            raise self._error(f"undefined variable {go_quote(token.text)}")
        return VariableNode(token.at, token.text, ())

    def _function(self, token: Token) -> Operand:
        if token.text not in FUNCTIONS:
            raise self._error(f"function {go_quote(token.text)} not defined")
        return IdentifierNode(token.at, token.text)

    def _string(self, token: Token) -> Operand:
        return ConstantNode(token.at, self._unquoted(token), token.text)

    def _char(self, token: Token) -> Operand:
        text = unquote(token.text[1:-1], "'")
        if text is None or len(text) != 1:
            raise self._error(f"malformed character constant: {token.text}")
        return ConstantNode(token.at, GoInt(ord(text)), token.text)

    def _number(self, token: Token) -> Operand:
        """Return a number as Go reads it: whole ones as ints, those with a point as floats.

        Raises:
            TemplateError: it is none, or does not fit into 64 bits.
        """
        text = token.text.replace("_", "")
        if _INTEGER.match(text):
            # 017 is octal, as in C; Python would refuse it.
            octal = len(text.lstrip("+-")) > 1 and text.lstrip("+-").isdecimal()
            leading = text.lstrip("+-").startswith("0")
            base = 8 if octal and leading else 0
            return self._integer(token, text, base)
        if _FLOAT.match(text):
            return ConstantNode(token.at, float(text), token.text)
        raise self._error(f"illegal number syntax: {go_quote(token.text)}")

    def _integer(self, token: Token, text: str, base: int) -> Operand:
        """Return a whole number as Go reads it, which knows no leading zeros in decimals."""
        try:
            value = int(text, base)
        except ValueError:
            raise self._error(f"illegal number syntax: {go_quote(token.text)}") from None
        if value not in _INT64:
            raise self._error(f"integer overflow: {go_quote(token.text)}")
        return ConstantNode(token.at, GoInt(value), token.text)

    def _parenthesis(self, _token: Token) -> Operand:
        self._deeper()
        pipeline = self._pipeline("parenthesized pipeline", ")")
        self._depth -= 1
        return pipeline

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._error("max expression depth exceeded")

    def _unquoted(self, token: Token) -> str:
        """Return what a string constant stands for; a raw one loses its carriage returns."""
        if token.kind == "raw":
            return token.text[1:-1].replace("\r", "")
        text = unquote(token.text[1:-1], '"')
        if text is None:
            raise self._error("invalid syntax")
        return text

    _CONTROLS: ClassVar[dict[str, Callable[[_Parser, Token], tuple[Node, ...] | str]]] = {
        "block": _block,
        "break": _jump,
        "continue": _jump,
        "else": _else,
        "end": _end,
        "if": _branch,
        "range": _branch,
        "template": _call,
        "with": _branch,
    }
    _TERMS: ClassVar[dict[str, Callable[[_Parser, Token], Operand]]] = {
        "(": _parenthesis,
        "bool": lambda _, token: ConstantNode(token.at, token.text == "true", token.text),
        "char": _char,
        "dot": lambda _, token: DotNode(token.at),
        "field": lambda _, token: FieldNode(token.at, (token.text[1:],)),
        "identifier": _function,
        "nil": lambda _, token: NilNode(token.at),
        "number": _number,
        "raw": _string,
        "string": _string,
        "variable": _variable,
    }

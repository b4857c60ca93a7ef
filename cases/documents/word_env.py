"""What a Word template may do: show fields of its paper, choose, and go through rows. No code.

A template of a county is written by people and kept for years: it is read as if it were hostile.
Every node of its text is compared with a list of what is allowed, each time that it is read.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from jinja2 import ChainableUndefined, TemplateError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from cases.rules.papers import CATALOGUE, PaperKind

ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.If, nodes.For,
    nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Getattr,
    nodes.Filter, nodes.Test,
)  # fmt: skip
FILTERS = frozenset({"default", "d", "join", "length", "count", "first", "last", "trim"})
TESTS = frozenset({"defined", "undefined", "none"})
OF_LOOP = frozenset({"index", "index0", "first", "last", "length"})
MOST_LOOPS = 20
MOST_IN_LOOP = 20_000  # characters of XML that are repeated for each row
WORDS: dict[type[nodes.Node], Promise] = {
    nodes.Import: _("import"),
    nodes.FromImport: _("import"),
    nodes.Include: _("include"),
    nodes.Extends: _("extends"),
    nodes.Macro: _("a macro"),
    nodes.Call: _("a call"),
    nodes.Assign: _("an assignment"),
    nodes.Getitem: _("access by [ ]"),
}


class NotAllowed(TemplateError):
    """The template does something that a template may not do. words: what, for people."""

    def __init__(self, words: Promise | str) -> None:
        super().__init__(str(words))
        self.words = words


class WordEnvironment(ImmutableSandboxedEnvironment):
    """The sandbox for one kind of paper. names: all names that were asked for so far."""

    def __init__(self, kind: PaperKind) -> None:
        super().__init__(autoescape=True, undefined=ChainableUndefined)
        spec = CATALOGUE[kind]
        self.rows = {field.name for field in spec.fields if field.columns}
        self.columns = {name for field in spec.fields for name, _head in field.columns}
        self.names: set[str] = set()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Raises NotAllowed. jinja2 reads every source through here, the sandbox's own included."""
        tree = super()._parse(source, name, filename)
        loops = 0
        for node in _all(tree):
            self._check(node)
            loops += isinstance(node, nodes.For)
        if loops > MOST_LOOPS:
            raise NotAllowed(_("too many loops"))
        self.names |= meta.find_undeclared_variables(tree)
        return tree

    def _check(self, node: nodes.Node) -> None:
        if not isinstance(node, ALLOWED):
            raise NotAllowed(WORDS.get(type(node), type(node).__name__))
        if isinstance(node, nodes.Getattr) and node.attr not in self.columns | OF_LOOP:
            raise NotAllowed(_("access to “%(name)s”") % {"name": node.attr})
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            raise NotAllowed(_("the filter “%(name)s”") % {"name": node.name})
        if isinstance(node, nodes.Test) and node.name not in TESTS:
            raise NotAllowed(_("the test “%(name)s”") % {"name": node.name})
        if isinstance(node, nodes.For):
            self._check_loop(node)

    def _check_loop(self, loop: nodes.For) -> None:
        """Loops go through rows of the paper, never one inside another: they come to an end."""
        if not isinstance(loop.iter, nodes.Name) or loop.iter.name not in self.rows:
            raise NotAllowed(_("a loop over something other than rows of this paper"))
        if loop.recursive or any(isinstance(node, nodes.For) for node in _below(loop)):
            raise NotAllowed(_("a loop inside a loop"))
        size = sum(len(node.data) for node in loop.find_all(nodes.TemplateData))
        if size > MOST_IN_LOOP:
            raise NotAllowed(_("a loop over too much text"))


def _below(node: nodes.Node) -> Iterator[nodes.Node]:
    for child in node.iter_child_nodes():
        yield child
        yield from _below(child)


def _all(tree: nodes.Template) -> Iterator[nodes.Node]:
    yield tree
    yield from _below(tree)


def context(kind: PaperKind, facts: dict[str, Any]) -> dict[str, Any]:
    """What a template of this kind gets: its own fields, empty where there is no fact."""
    spec = CATALOGUE[kind]
    empty: dict[str, Any] = {field.name: [] if field.columns else "" for field in spec.fields}
    return {name: facts.get(name, empty.get(name, "")) for name in spec.names}

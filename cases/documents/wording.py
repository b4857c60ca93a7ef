"""Fills facts into sentences, in a sandbox: a fact is never read as a command."""

from collections.abc import Mapping
from functools import lru_cache

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from cases.rules.paper_wording import Line

SENTENCES = ImmutableSandboxedEnvironment(undefined=StrictUndefined)


@lru_cache(maxsize=256)
def _compiled(text: str) -> Template:
    return SENTENCES.from_string(text)


def paragraphs(body: tuple[Line, ...], facts: Mapping[str, object]) -> list[str]:
    """The lines that this paper has, filled in. Raises jinja2.UndefinedError for a missing fact."""
    lines = (line for line in body if not line.when or facts.get(line.when))
    return [_compiled(line.text).render(facts) for line in lines]

"""A paper as a Word file, filled into the county's template or the built-in one."""

import io
from functools import lru_cache
from typing import Any

from docxtpl import DocxTemplate

from agencies.documents import letters
from cases.documents.word_built_in import built_in
from cases.documents.word_env import WordEnvironment, context
from cases.rules.papers import PaperKind

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word(kind: PaperKind, facts: dict[str, Any], template: bytes | None = None) -> bytes:
    """The document. Raises NotAllowed or another jinja2.TemplateError for a bad template."""
    return filled(template or own(kind), kind, facts, WordEnvironment(kind))


@lru_cache(maxsize=len(PaperKind))
def own(kind: PaperKind) -> bytes:
    """The built-in template, made once."""
    return built_in(kind)


def filled(
    template: bytes, kind: PaperKind, facts: dict[str, Any], environment: WordEnvironment
) -> bytes:
    made = DocxTemplate(io.BytesIO(template))
    made.render(_clean(context(kind, facts)), environment, autoescape=True)
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def _clean(value: Any) -> Any:
    """Without characters that XML cannot hold, or that docxtpl reads as a new page."""
    if isinstance(value, str):
        return letters.clean(value)
    if isinstance(value, dict):
        return {name: _clean(one) for name, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list) else value

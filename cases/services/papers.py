"""Issues papers: checked, numbered without gaps, rendered, frozen with facts, bytes and hash."""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from jinja2 import TemplateError

from agencies.documents import letters
from agencies.errors import NotPermitted, NotPossible, Reason, RuleBroken
from agencies.models import Agency, StoredFile
from agencies.rules import masking
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit, stored_files
from agencies.services.sequences import next_number
from agencies.services.stored_files import Content
from cases import access
from cases.documents.pdf import pdf
from cases.documents.word import MEDIA_TYPE, word
from cases.models import Case, CasePaper
from cases.queries.paper_facts import printed
from cases.queries.papers import issuing_post
from cases.queries.word_templates import template_of
from cases.rules.paper_fields import ISO_DAY
from cases.rules.papers import (
    CATALOGUE,
    LADDER_KINDS,
    IdNumber,
    PaperKind,
    agency_mark,
    full_name,
    number_text,
    problems,
)
from cases.rules.workflow import ENDED, IN_WORK, State
from cases.services import service_of_papers, transition

MOST_ADDRESSEE = 80
PDF = "application/pdf"


@dataclass(frozen=True)
class Draft:
    """A paper as it was asked for. facts: by the names of its fields (rules/papers.py).

    by_step: asked for by a step of the legal ladder, which has looked at its conditions.
    """

    client_id: UUID
    addressee: str
    facts: Mapping[str, Any]
    issued_on: date
    by_step: bool = False


@transaction.atomic
def issue(scope: Scope, case: Case, kind: PaperKind, draft: Draft, now: datetime) -> CasePaper:
    """Issue one paper; the same client_id again gives the first one.

    The number is taken in this transaction, so that one that is rolled back leaves no gap.
    Raises NotVisible, NotPermitted, NotPossible (the case has ended), RuleBroken with every fact
    that is missing or wrong, each with its place.
    """
    locked = access.case_for(scope, case.public_id, lock=True)
    post = may_issue(scope, kind)
    if known := CasePaper.objects.filter(case=locked, client_id=draft.client_id).first():
        return _same(known, kind)
    _check(locked, kind, draft, scope.on)
    year = draft.issued_on.year
    series = f"文书{CATALOGUE[kind].word}"
    serial = next_number(locked.county_id, series, year, post.agency_id)
    facts = _frozen(scope, post, kind, draft, serial)

    def keep(content: Content) -> StoredFile:
        return stored_files.store(locked.county_id, content, post.id, now)

    paper = CasePaper.objects.create(
        county_id=locked.county_id,
        case=locked,
        episode=locked.episode.number,
        kind=kind,
        agency_id=post.agency_id,
        year=year,
        serial=serial,
        number=facts["number"],
        title=facts["title"],
        addressee=facts["addressee"],
        facts=facts,
        facts_digest=digest(facts),
        pdf=keep(Content(f"{facts['number']}.pdf", PDF, pdf(kind, facts))),
        word=keep(Content(f"{facts['number']}.docx", MEDIA_TYPE, _word(locked, kind, facts))),
        issued_on=draft.issued_on,
        issued_at=now,
        issued_by_id=post.id,
        client_id=draft.client_id,
    )
    if CATALOGUE[kind].to_guardian:
        service_of_papers.owe(locked, paper, now)
    subject = f"paper:{paper.public_id}"
    audit.record(scope, "paper.issue", subject, now=now, post=post, kind=kind, number=paper.number)
    transition.touch(case)
    return paper


def preview(scope: Scope, case: Case, kind: PaperKind, draft: Draft) -> dict[str, Any]:
    """The facts as they would be frozen, without a number. Raises what `issue` raises."""
    post = may_issue(scope, kind)
    _check(case, kind, draft, scope.on)
    return _frozen(scope, post, kind, draft)


def digest(facts: Mapping[str, Any]) -> str:
    """SHA-256 of the facts as canonical JSON, in hexadecimal."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def may_issue(scope: Scope, kind: PaperKind) -> HeldPost:
    """The post in whose name it is issued. Raises NotPermitted."""
    post = issuing_post(scope, kind)
    if post is None:
        raise NotPermitted(Reason("duty", _("None of your posts issues such a paper.")))
    return post


def _same(known: CasePaper, kind: PaperKind) -> CasePaper:
    if known.kind != kind:
        text = _("Another paper was issued with this client_id.")
        raise RuleBroken(Reason("client_id", text, "/client_id"))
    return known


def _check(case: Case, kind: PaperKind, draft: Draft, today: date) -> None:
    """Every reason against the paper at once. Raises NotPossible, RuleBroken."""
    spec = CATALOGUE[kind]
    if kind in LADDER_KINDS and not draft.by_step:
        text = _("This paper is issued as a step of the legal ladder, in its order.")
        raise NotPossible(Reason("ladder", text, "/kind"))
    if kind is PaperKind.CLOSURE_FORM and State(case.state) in IN_WORK:
        text = _("The child is not back, and no other end of the case was asked for.")
        raise NotPossible(Reason("not_back", text))
    if spec.to_guardian and State(case.state) in ENDED:
        text = _("Not possible while the case is: %(state)s.")
        raise NotPossible(Reason("state", text % {"state": State(case.state).label}))
    wrong = problems(kind, _plain_facts(draft, kind)) + _day_problems(case, draft, today)
    addressee = draft.addressee.strip()
    if spec.needs_addressee and not addressee:
        wrong.append(Reason("missing", _("Say to whom the paper goes."), "/addressee"))
    if len(addressee) > MOST_ADDRESSEE:
        text = _("The addressee is too long: at most %(most)s characters.")
        wrong.append(Reason("too_long", text % {"most": MOST_ADDRESSEE}, "/addressee"))
    if wrong:
        raise RuleBroken(*wrong)


def _day_problems(case: Case, draft: Draft, today: date) -> list[Reason]:
    """A paper is of a day since the child was out of school, and not of a day to come."""
    first = case.episode.trigger_date
    if draft.issued_on > today:
        return [Reason("future", _("The day of the paper lies in the future."), "/issued_on")]
    if draft.issued_on < first:
        text = _("The day lies before %(day)s.") % {"day": first}
        return [Reason("too_early", text, "/issued_on")]
    return []


def _plain_facts(draft: Draft, kind: PaperKind) -> dict[str, Any]:
    """Facts as texts: days as they are printed, characters that no paper can hold left out.

    ID numbers are masked wherever they were typed, unless the paper may carry them in full.
    """
    full = CATALOGUE[kind].id_number is IdNumber.FULL
    return {name: _plain(value, full) for name, value in draft.facts.items()}


def _plain(value: Any, full: bool) -> Any:
    if isinstance(value, list):
        return [_plain(one, full) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one, full) for name, one in value.items()}
    if isinstance(value, date):
        return printed(value)
    text = "" if value is None else letters.clean(str(value)).strip()
    if ISO_DAY.fullmatch(text):
        with suppress(ValueError):  # 2026-02-30: the rule refuses what stays as it was
            return printed(date.fromisoformat(text))
    return text if full else masking.free_text(text)


def _frozen(
    scope: Scope, post: HeldPost, kind: PaperKind, draft: Draft, serial: int | None = None
) -> dict[str, Any]:
    """All that the paper says, with what every paper has by itself."""
    agency = Agency.objects.select_related("region", "county").get(pk=post.agency_id)
    mark = agency_mark(agency.kind, agency.name, agency.region.name)
    return _plain_facts(draft, kind) | {
        "number": number_text(mark, kind, draft.issued_on.year, serial),
        "title": CATALOGUE[kind].title,
        "agency": full_name(agency.name, agency.county.name),
        "issued_on": printed(draft.issued_on),
        "issued_by": scope.name,
        "addressee": letters.clean(draft.addressee).strip(),
        "demo": settings.DEMO,
    }


def _word(case: Case, kind: PaperKind, facts: dict[str, Any]) -> bytes:
    """In the county's template, if it has one. Raises NotPossible when that cannot be filled."""
    try:
        return word(kind, facts, template_of(case.county_id, kind))
    except TemplateError as error:
        text = _("The county's Word template for this paper cannot be filled; withdraw it.")
        raise NotPossible(Reason("word_template", text)) from error

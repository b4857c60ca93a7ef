"""What the case already knows for a paper, so that its form shows what will be printed.

Papers are Chinese, whatever language the person reads.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import translation

from agencies.models import Region, User
from agencies.queries.policy import in_force
from agencies.queries.responsible import bureau, townships_of
from agencies.rules import masking
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import AgencyKind
from agencies.rules.policy import Key
from agencies.rules.scope import HeldPost, Scope
from cases.models import Case, CaseReport, LadderRung
from cases.queries import paper_deeds as deeds
from cases.queries.facts import follow_up_of
from cases.rules import ladder, paper_wording
from cases.rules.papers import CATALOGUE, IdNumber, PaperKind, Sort, full_name
from students.models import Guardian, StudentNumber
from students.models.school_class import class_name

CHINESE = "zh-hans"
# 未成年人保护法 83(2) speaks of the education authority only.
OF_BUREAU = "、《中华人民共和国未成年人保护法》第八十三条第二款"
TO_BOTH = frozenset({PaperKind.PERSUASION_REPORT, PaperKind.OPENING_REPORT})


@dataclass(frozen=True)
class Asking:
    """For whom the facts are gathered: the case, the kind, the post that issues, the moment."""

    scope: Scope
    case: Case
    kind: PaperKind
    post: HeldPost
    now: datetime

    @property
    def on(self) -> date:
        return self.scope.on


@dataclass(frozen=True)
class Proposal:
    """What the form begins with."""

    addressee: str
    facts: dict[str, Any]


def draft_of(asking: Asking) -> Proposal:
    """The facts that the case knows, empty ones left out, and to whom the paper goes."""
    names = {field.name for field in CATALOGUE[asking.kind].fields}
    with translation.override(CHINESE):
        known: dict[str, Any] = {}
        for provided, gather in SOURCES:
            if names & provided:
                known |= gather(asking)
        facts = {name: value for name, value in known.items() if name in names and value}
        return Proposal(_addressee(asking, facts), facts)


def printed(day: date | None) -> str:
    """2026年9月13日."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _child(asking: Asking) -> dict[str, Any]:
    case, student = asking.case, asking.case.student
    grade = case.school_class
    school = case.school.name if case.school else "未入学"
    return {
        "child": student.name,
        "sex": "男" if student.sex == student.Sex.MALE else "女",
        "born_on": printed(student.born_on),
        "school_class": school + (class_name(grade.grade, grade.number) if grade else ""),
        "registered_at": student.registered_at,
        "address": place_of(case),
        "case_number": case.number,
        "state": case.get_state_display(),
    }


def place_of(case: Case) -> str:
    """Township, village and door; a village whose name begins the address is not said twice."""
    home, door = case.household.region, case.household.address
    town = home.parent.name if home.parent else ""
    return f"{town}{door}" if door.startswith(home.name) else f"{town}{home.name}{door}"


def _numbers(asking: Asking) -> dict[str, Any]:
    """As much of them as the law lets this paper carry."""
    student = asking.case.student
    if CATALOGUE[asking.kind].id_number is not IdNumber.FULL:
        return {"id_number": student.masked_id_number}
    newest = StudentNumber.objects.filter(student=student).order_by("-starts_on").first()
    none = f"无（{student.no_id_reason or '未登记'}）"
    return {
        "id_number": student.id_number or none,
        "student_number": newest.number if newest else "",
    }


def _guardian(asking: Asking) -> dict[str, Any]:
    rows = Guardian.objects.filter(student=asking.case.student_id, is_guardian=True)
    first = rows.order_by("order").first()
    if first is None:
        return {}
    return {"guardian": first.name, "relation": first.relation, "phone": first.phone}


def _episode(asking: Asking) -> dict[str, Any]:
    episode = asking.case.episode
    run = episode.run
    ending = episode.get_ending_display() if episode.ending else ""
    return {
        "since": printed(run.starts_on if run else episode.trigger_date),
        "origin": f"发现途径：{episode.get_origin_display()}",
        "opened_on": printed(episode.opened_at.astimezone(CHINA).date()),
        "returned_on": printed(episode.returned_on),
        "ended_on": printed(episode.ended_on),
        "ending": ending or ("返校并稳定就读" if episode.returned_on else ""),
        "evidence": masking.free_text(episode.ending_proof),
    }


def _attendance(asking: Asking) -> dict[str, Any]:
    progress = follow_up_of(asking.case, asking.on)
    if progress is None:
        return {}
    words = f"应到{progress.counted}日，实到{progress.attended}日，未点名{progress.unknown}日"
    return {"attendance": words, "evidence": f"返校后点名记录：{words}"}


def _office(asking: Asking) -> dict[str, Any]:
    county = Region.objects.get(pk=asking.case.county_id)
    person = User.objects.get(pk=asking.scope.user_id)
    basis = CATALOGUE[asking.kind].basis
    if asking.kind is PaperKind.ORDER_TO_RETURN and asking.post.agency_kind == AgencyKind.BUREAU:
        basis += OF_BUREAU
    return {
        "basis": basis,
        "remedies": paper_wording.REMEDIES.replace("{{ county }}", county.name),
        "contact": " ".join(part for part in (person.name, person.phone) if part),
        "held_on": printed(asking.on),
        "speaker": person.name,
        "planned_on": printed(asking.on),
    }


def _period(asking: Asking) -> dict[str, Any]:
    """From the ladder's rung with this paper; a persuasion notice has the county's own."""
    rungs = LadderRung.objects.on(asking.on).filter(county=asking.case.county_id)
    rung = rungs.filter(paper=asking.kind, days__isnull=False).order_by("order").first()
    if rung:
        counted = ladder.counted_in(rung.days or 0, rung.counting, rung.law)
        return {"days": str(rung.days), "counting": ladder.PRINTED[counted]}
    if asking.kind is PaperKind.PERSUASION_NOTICE:
        return {"days": str(in_force(asking.case.county_id, asking.on).number(Key.PERSUASION_DAYS))}
    return {}


def _recipients(asking: Asking) -> dict[str, Any]:
    rows = CaseReport.objects.filter(episode=asking.case.current_id).order_by("pk")
    return {
        "recipients": [
            {
                "name": row.recipient.name,
                "role": str(row.get_role_display()),
                "received": printed(row.received_at and row.received_at.astimezone(CHINA).date()),
            }
            for row in rows.select_related("recipient")
        ]
    }


def _shared(asking: Asking) -> dict[str, Any]:
    """The least with which another body can work; whoever asks adds what the matter needs."""
    known = _child(asking) | _guardian(asking)
    labels = (
        ("学生姓名", "child"),
        ("性别", "sex"),
        ("家庭住址", "address"),
        ("监护人", "guardian"),
    )
    rows = [{"label": label, "value": known[name]} for label, name in labels if known.get(name)]
    return {"shared": rows}


def _deeds(asking: Asking) -> dict[str, Any]:
    names = {field.name for field in CATALOGUE[asking.kind].fields}
    return deeds.known(asking.case, names, asking.now)


Source = tuple[frozenset[str], Callable[[Asking], dict[str, Any]]]
SOURCES: tuple[Source, ...] = (
    (
        frozenset({"child", "school_class", "born_on", "address", "registered_at", "case_number"}),
        _child,
    ),
    (frozenset({"id_number", "student_number"}), _numbers),
    (frozenset({"guardian", "relation", "phone"}), _guardian),
    (frozenset({"since", "opened_on", "origin", "returned_on", "ending"}), _episode),
    (frozenset({"attendance"}), _attendance),
    (frozenset({"basis", "remedies", "contact", "held_on", "speaker", "planned_on"}), _office),
    (frozenset({"days"}), _period),
    (frozenset({"recipients"}), _recipients),
    (frozenset({"shared"}), _shared),
    (deeds.PROVIDED, _deeds),
)


def _addressee(asking: Asking, facts: dict[str, Any]) -> str:
    """The guardian; of reports the bureau and the townships of home and school (S1-57)."""
    if CATALOGUE[asking.kind].sort is Sort.TO_PERSON or asking.kind is PaperKind.DELIVERY_RECEIPT:
        return str(facts.get("guardian", ""))
    if asking.kind not in TO_BOTH:
        return ""
    case, county = asking.case, Region.objects.get(pk=asking.case.county_id)
    regions = [case.household.region, *([case.school.region] if case.school else [])]
    bodies = [bureau(case.county_id, asking.on)]
    for region in regions:
        bodies += [one for one in townships_of(region, asking.on) if one not in bodies]
    names = [full_name(body.name, county.name) for body in bodies]
    return "、".join(name for name in names if name != asking.post.agency_name)

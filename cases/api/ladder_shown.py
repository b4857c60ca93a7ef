"""The ladder, its steps and their services in the words of the API."""

from agencies.rules import masking
from cases.api.shown import day, instant
from cases.models import PaperService
from cases.queries.ladder import LadderPage, StepRow, TwoTests
from cases.rules.ladder import Place


def ladder(page: LadderPage, tests: TwoTests) -> dict[str, object]:
    return {
        "rungs": [_place(place) for place in page.places],
        "steps": [_step(row) for row in page.steps],
        "found_at_work": {
            "labour": tests.labour,
            "schooling": tests.schooling,
            "may_be_hired_from": day(tests.may_be_hired_from),
        },
    }


def _place(place: Place) -> dict[str, object]:
    rung = place.rung
    return {
        "rung": rung.key,
        "name": rung.name,
        "basis": rung.basis,
        "positions": sorted(rung.positions),
        "paper": rung.paper,
        "days": rung.days,
        "counting": rung.counting,
        "law": rung.law,
        "status": place.status,
        "possible": place.possible,
        "missing": [{"code": reason.code, "detail": str(reason.text)} for reason in place.reasons],
    }


def _step(one: StepRow) -> dict[str, object]:
    row = one.row
    paper = row.paper
    return {
        "id": str(row.public_id),
        "rung": one.step.rung,
        "name": row.name,
        "episode": row.episode,
        "basis": row.basis,
        "guardian": row.guardian,
        "facts": masking.free_text(row.facts),
        "demand": masking.free_text(row.demand),
        "taken_on": day(row.taken_on),
        "taken_at": instant(row.taken_at),
        "paper": {"id": str(paper.public_id), "number": paper.number} if paper else None,
        "issuer": row.issuer,
        "external_number": row.external_number,
        "days": row.days,
        "counting": row.counting,
        "served_on": day(row.served_on),
        "ends_on": day(row.ends_on),
        "outcome": row.outcome,
        "outcome_on": day(row.outcome_on),
        "outcome_note": masking.free_text(row.outcome_note),
        "services": [service(each) for each in one.services],
    }


def service(row: PaperService) -> dict[str, object]:
    return {
        "id": str(row.public_id),
        "method": row.method,
        "served_on": day(row.served_on),
        "place": row.place,
        "receiver": row.receiver,
        "relation": row.relation,
        "witnesses": row.witnesses,
        "note": masking.free_text(row.note),
        "receipt": row.receipt_id is not None,
        "recorded_at": instant(row.recorded_at),
    }

"""Roster files: the one door to them, their rows, and the answer that API and command give."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.errors import NotVisible
from agencies.models import Agency
from agencies.queries.policy import in_force
from agencies.rules.policy import Key
from agencies.rules.scope import Scope
from students.models import ImportJob, ImportRow, RosterQuestion, Student
from students.models.school_class import class_name
from students.models.upload import Upload
from students.rules import roster_problems

SHOWN_ERRORS = 1000
Outcome = ImportRow.Outcome
LIVE = (Upload.State.WAITING, Upload.State.APPLYING, Upload.State.UNDOING)


def reach(scope: Scope) -> Q:
    """Files of schools for which the person works as a whole."""
    mine = Q(county_id=scope.county_id)
    return mine if scope.everything else mine & Q(school_id__in=scope.school_ids)


def jobs(scope: Scope) -> QuerySet[ImportJob]:
    """Earlier files, newest first."""
    rows = ImportJob.objects.filter(reach(scope))
    return rows.select_related("school", "created_by__user").order_by("-created_at", "-pk")


def job_for(scope: Scope, job_id: object, *, lock: bool = False) -> ImportJob:
    """The file, if this person may see it. Raises NotVisible."""
    rows = ImportJob.objects.filter(reach(scope), public_id=UUID(str(job_id)))
    if lock:
        rows = rows.select_for_update(of=("self",))
    job = rows.select_related(
        "school", "created_by__user", "asked_by__user", "confirmed_by__user"
    ).first()
    if job is None:
        raise NotVisible
    return job


def schools_of(scope: Scope) -> QuerySet[Agency]:
    """Schools whose roster the person may upload."""
    rows = Agency.objects.on(scope.on).schools().filter(county_id=scope.county_id)
    if not scope.everything:
        rows = rows.filter(pk__in=scope.school_ids)
    return rows.order_by("name", "pk")


def question_reach(scope: Scope) -> Q:
    """Questions about pupils of schools for which the person works as a whole."""
    mine = Q(job__county_id=scope.county_id)
    return mine if scope.everything else mine & Q(school_id__in=scope.school_ids)


def open_questions(scope: Scope) -> QuerySet[RosterQuestion]:
    """Pupils who were missing from a file and of whom nobody has said where they are."""
    return (
        RosterQuestion.objects.filter(question_reach(scope), answered_at__isnull=True)
        .select_related("student", "school", "job")
        .order_by("school__name", "asked_at", "pk")
    )


def progress_key(job_id: UUID) -> str:
    return f"import-progress:{job_id}"


def done_rows(job: ImportJob) -> int:
    """How many rows are done; while the file is being applied others read it from the cache."""
    if job.state != ImportJob.State.APPLYING:
        return job.done_rows
    return cache.get(progress_key(job.public_id), 0)


def many_would_leave(job: ImportJob) -> bool:
    """More pupils are missing than one person may decide on (strictly more than the setting)."""
    percent = in_force(job.county_id, job.effective_on).number(Key.IMPORT_LEAVE_PERCENT)
    return job.counts["missing"] * 100 > percent * job.counts["roster"]


def to_apply(job: ImportJob) -> int:
    return job.counts.get(Outcome.NEW, 0) + job.counts.get(Outcome.CHANGED, 0)


def problems(job: ImportJob, outcome: str) -> Iterator[dict[str, Any]]:
    """Every problem of the rows of one outcome, with its row as the spreadsheet shows it."""
    rows = job.rows.filter(outcome=outcome).order_by("number")
    for number, found in rows.values_list("number", "problems").iterator():
        for problem in found:
            yield shown_problem(number, problem)


def shown_problem(number: int, problem: dict[str, Any]) -> dict[str, Any]:
    return {
        "row": number,
        "column": problem["column"],
        "value_shown": problem["value_shown"],
        "reason": roster_problems.reason(problem),
        "code": problem["code"],
    }


def missing_pupils(job: ImportJob) -> list[dict[str, Any]]:
    rows = job.rows.filter(outcome=Outcome.MISSING, student__isnull=False)
    found = rows.order_by("data__grade", "data__class_number", "pk").values_list(
        "student__public_id", "data"
    )
    return [
        {"student": str(pk), "name": data["name"], "class": _class(data)}
        for pk, data in found[:SHOWN_ERRORS]
    ]


FIELD_LABELS = {
    "name": gettext_lazy("name"),
    "sex": gettext_lazy("sex"),
    "born_on": gettext_lazy("date of birth"),
    "id_number": gettext_lazy("ID number"),
    "student_number": gettext_lazy("student number"),
    "no_id_reason": gettext_lazy("reason for having no ID number"),
    "ethnicity": gettext_lazy("ethnic group"),
    "registered_at": gettext_lazy("registered residence"),
    "boarding": gettext_lazy("boarding"),
    "address": gettext_lazy("address"),
    "relatives": gettext_lazy("family members"),
    "school_class": gettext_lazy("class"),
}


def shown_changes(changes: dict[str, Any]) -> list[dict[str, Any]]:
    """Before and after of each changed field, in words."""
    return [
        {"field": FIELD_LABELS[name], "before": _words(name, old), "after": _words(name, new)}
        for name, (old, new) in changes.items()
    ]


def _words(name: str, value: Any) -> str:
    if name == "school_class":
        return class_name(value[1], value[2]) if value else ""
    if name == "relatives":
        return "; ".join(" ".join(part for part in one if part) for one in value)
    if name == "sex":
        return str(Student.Sex(value).label)
    if name == "boarding":
        return _("yes") if value else _("no")
    return value


def shown_rows(rows: Iterable[ImportRow]) -> list[dict[str, Any]]:
    """Rows for a page: who, which class, what would change, what is wrong."""
    return [
        {
            "number": row.number,
            "name": row.data.get("name", ""),
            "class_name": _class(row.data),
            "outcome": row.outcome,
            "changes": shown_changes(row.changes),
            "problems": [shown_problem(row.number, one) for one in row.problems],
        }
        for row in rows
    ]


def _class(data: dict[str, Any]) -> str:
    grade, number = data.get("grade"), data.get("class_number")
    return class_name(grade, number) if grade and number else ""


def shown(job: ImportJob) -> dict[str, Any]:
    """The file as one object, for the API and the command."""
    errors = list(problems(job, Outcome.ERROR))
    duplicates = list(problems(job, Outcome.DUPLICATE))
    counts = {name: job.counts.get(name, 0) for name in Outcome.values}
    return {
        "id": str(job.public_id),
        "state": job.state,
        "school": job.school.code,
        "file_name": job.file_name,
        "effective_on": job.effective_on.isoformat(),
        "problem": roster_problems.refusal(job.problem),
        "counts": counts,
        "new": counts["new"],
        "changed": counts["changed"],
        "unchanged": counts["unchanged"],
        "missing": counts["missing"],
        "duplicates": counts["duplicate"],
        "errors": errors[:SHOWN_ERRORS],
        "errors_total": len(errors),
        "duplicate_rows": duplicates[:SHOWN_ERRORS],
        "missing_pupils": missing_pupils(job),
        "unknown_columns": job.headings.get("unknown", []),
        "done_rows": done_rows(job),
        "rows_to_apply": to_apply(job),
    }

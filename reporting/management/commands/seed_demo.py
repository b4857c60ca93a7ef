"""Builds the demonstration county: real divisions, invented people, a term in progress."""

import json
from argparse import ArgumentParser
from datetime import datetime, time
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from agencies import clock
from agencies import demo as bodies
from agencies.models import Agency, Region
from agencies.rules.deadlines import CHINA
from cases import demo as stories
from cases import demo_aid, demo_inspections
from cases.models import Case
from reporting import demo as term_start
from reporting import demo_assessment, demo_joint
from students import demo as schools
from students import (
    demo_care,
    demo_contacts,
    demo_moves,
    demo_papers,
    demo_people,
    demo_register,
    demo_zones,
)
from students.demo_rolls import Script
from students.models import Student

BEGINS = time(8, 5)


class Command(BaseCommand):
    help = "Fill an empty database with the demonstration county. All people are invented."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", type=float, default=1, help="1: 3,000 pupils (default)")
        parser.add_argument("--seed", type=int, default=330328, help="another draw of the people")
        parser.add_argument("--full-year", action="store_true", help="all rolls of both terms")
        parser.add_argument("--if-empty", action="store_true", help="do nothing if there is data")
        parser.add_argument("--accounts-file", type=Path, help="where to write the logins")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: object, **options: Any) -> None:
        if not 0 < options["scale"] <= 20:
            raise CommandError("--scale is a number above 0, up to 20.")
        file = options["accounts_file"]
        if Agency.objects.exists():
            if not options["if_empty"]:
                raise CommandError("There is a county in this database already.")
            result: dict[str, object] = {"seeded": False}
            if file and not file.exists():
                _write_accounts(file)
        else:
            result = {"seeded": True, **_seed(options)}
            if file:
                _write_accounts(file)
        self.stdout.write(
            json.dumps(result, ensure_ascii=False) if options["json"] else _said(result)
        )


@transaction.atomic
def _seed(options: dict) -> dict[str, object]:
    """All or nothing. Returns what was made."""
    if not Region.objects.filter(code=bodies.COUNTY).exists():
        raise CommandError("The divisions are missing: run load_reference first.")
    time_ = _begin()
    now, rng = clock.now(), Random(options["seed"])  # noqa: S311 invented people
    county = bodies.build(options["scale"], rng)
    former = time_.before.school_year != time_.present.school_year
    classes = demo_people.open_classes(county, time_.present.school_year, with_former=former)
    cast = stories.cast(county, classes, time_, rng)
    named = demo_people.fill(county, classes, rng)
    terms = schools.open_terms(county.region, time_, now)
    script = Script()
    told = stories.write(cast, named, time_, script)
    papers = demo_papers.tell(county, named, time_, script)
    morning = schools.Morning(now, classes[0], options["full_year"], cast.classes)
    rolls = schools.call_rolls(county, classes, time_, script, morning, rng)
    demo_contacts.log(terms[1], now)
    demo_zones.draw(county)
    checked = term_start.start_of_term(county, terms[1], now)
    term_start.months(county, now)
    lists = demo_register.hand_in(county, time_.today, now, rng)
    events = stories.tell(county, told, terms, time_, now)
    moved = demo_moves.tell(county, time_, list(named.values()), now)
    term_start.rates_before(county, now)
    demo_joint.tell(county, now)
    care = demo_care.tell(county, time_.today, now, rng)
    care |= demo_aid.tell(county, time_.today, now)
    inspected = demo_inspections.tell(county, named.get("visit_overdue"), now)
    assessed = demo_assessment.tell(county, now)
    return {
        "today": time_.today.isoformat(),
        "schools": len(county.schools),
        "classes": len(classes),
        "students": Student.objects.count(),
        "rolls": rolls,
        "checked": checked,
        "events": events,
        **lists,
        **moved,
        **care,
        **inspected,
        "assessed": assessed,
        "cases": Case.objects.count(),
        "told": {**stories.told_keys(told), **dict.fromkeys(papers, 1)},
        "skipped": cast.skipped,
    }


def _begin() -> schools.SchoolTime:
    """The school time of today. On a day without school the training clock goes back to one."""
    time_ = schools.school_time(clock.today())
    if clock.is_fixed() or settings.DEMO_CLOCK_FILE is None or time_.is_school_day:
        return time_
    day = time_.last_school_day()
    bodies.set_clock(settings.DEMO_CLOCK_FILE, datetime.combine(day, BEGINS, CHINA))
    return schools.school_time(day)


def _write_accounts(file: Path) -> None:
    county = Region.objects.get(code=bodies.COUNTY, ends_on__isnull=True)
    facts = {
        "county": {"code": county.code, "name": county.name},
        "now": clock.now().isoformat() if clock.is_fixed() else None,
        "accounts": bodies.accounts(),
    }
    file.write_text(json.dumps(facts, ensure_ascii=False, indent=1), encoding="utf-8")


def _said(result: dict) -> str:
    if not result["seeded"]:
        return "The county is there already."
    return (
        "{schools} schools, {classes} classes, {students} children, {rolls} rolls, {cases} cases."
    ).format(**result)

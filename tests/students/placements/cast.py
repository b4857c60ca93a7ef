"""What the tests of lawful absence share: scans, an application, a child taught at home."""

import io
from datetime import date
from uuid import UUID, uuid5

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from agencies.documents.pictures import Scan
from students.access import pupil_for
from students.models import HomePlan, Placement, PlacementApplication
from students.rules.home_teaching import Plan
from students.rules.placement_kinds import Asked
from students.services import home_teaching
from students.services import placement_applications as applications
from students.services.home_teaching import PlanGiven, SessionSent
from students.services.placement_applications import Sent
from tests.support.rolls import at
from tests.support.world import World

TODAY = date(2026, 10, 12)
UNTIL = date(2027, 7, 3)
SCAN = Scan("image/jpeg", b"scan")
NAMES = UUID("6f1a6a2e-0f5a-4a0e-9a52-000000000000")


def jpeg() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (64, 48), "white").save(made, "JPEG")
    return made.getvalue()


def upload(name: str = "证明.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg(), "image/jpeg")


def asked(kind: str = "suspension", **changed: object) -> Asked:
    given: dict[str, object] = {
        "kind": kind,
        "starts_on": TODAY,
        "ends_on": UNTIL,
        "proof": "县人民医院证明〔2026〕12号",
        "applicant": "张某",
        "reason": "骨折，需要休养",
        "issuer": "hospital" if kind in ("suspension", "deferral") else "disability",
        "issued_by": "县人民医院",
        "months": 4 if kind == "suspension" else None,
    }
    return Asked(**{**given, **changed})  # type: ignore[arg-type]


def ask(
    world: World, role: str = "school_leader", sent: Sent | None = None, number: int = 0
) -> PlacementApplication:
    sent = sent or Sent(asked(), scan=SCAN, whole=True)
    return applications.ask(world.scope(role), world.pupils[number], sent, at(TODAY, 9))


def approved(world: World, kind: str, number: int = 0) -> Placement:
    row = ask(world, sent=Sent(asked(kind), scan=SCAN, whole=True), number=number)
    row = applications.approve(world.scope("bureau_leader"), row.public_id, "", at(TODAY, 10))
    assert row.placement
    return row.placement


def planned(world: World, number: int = 0, **changed: int | date) -> HomePlan:
    """Two sessions of two periods a week from today on, taught by "teacher"."""
    if not Placement.objects.filter(student=world.pupils[number]).exists():
        approved(world, "home_teaching", number)
    numbers = {"sessions": 2, "periods": 2, "minutes": 30, "periods_a_year": 72}
    days = {"starts_on": TODAY, "ends_on": UNTIL}
    scope = world.scope("school_leader")
    given = PlanGiven(
        Plan(**{**days, **numbers, **changed}),  # type: ignore[arg-type]
        world.posts["teacher"].public_id,
        "生活自理，认读数字",
        "张某",
        TODAY,
    )
    pupil = pupil_for(scope, world.pupils[number].public_id)
    return home_teaching.make(scope, pupil, given, at(TODAY, 11))


def session(day: date, hour: int = 9, periods: int = 2, **changed: object) -> SessionSent:
    sent: dict[str, object] = {
        "client_id": uuid5(NAMES, f"{day}{hour}"),
        "day": day,
        "starts_at": at(day, hour).time(),
        "periods": periods,
        "where": "home",
        "content": "认读1到10",
        "signed_by": "张某",
    }
    return SessionSent(**{**sent, **changed})  # type: ignore[arg-type]

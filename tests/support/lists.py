"""Lists of other agencies made by code, and their way through the wizard."""

from collections.abc import Iterable
from datetime import date, datetime

from agencies.models import Agency
from agencies.rules.duties import AgencyKind
from students.imports import upload
from students.imports.run import run_waiting
from students.models import PersonList, Student
from students.rules.person_list import PROVIDERS, ListKind
from students.services import person_lists
from students.services.person_lists import Said
from tests.support.rosters import NOW, table, xlsx
from tests.support.world import World, agency, id_number

HEADINGS = ("姓名", "性别", "出生日期", "公民身份号码", "户籍地址", "现住址", "户主")
BORN = date(2013, 5, 4)
AS_OF = date(2026, 9, 20)
PURPOSE = "义务教育入学情况核查"


def person(name: str, serial: int = 0, **cells: object) -> dict[str, object]:
    """A row; serial: of an invented ID number (even: a girl), 0 for none."""
    found: dict[str, object] = dict.fromkeys(HEADINGS, "")
    found |= {"姓名": name, "性别": "男" if serial % 2 else "女", "出生日期": f"{BORN:%Y%m%d}"}
    if serial:
        found["公民身份号码"] = id_number(serial)
    return found | cells


def of_child(child: Student, **cells: object) -> dict[str, object]:
    """The row of a child of the cast."""
    number = child.id_number or ""
    sex = "男" if int(number[16]) % 2 else "女"
    return person(child.name, **{"公民身份号码": number, "性别": sex}) | cells


def provider(world: World, kind: str) -> Agency:
    """The agency that keeps lists of this kind."""
    of = PROVIDERS[ListKind(kind)]
    found = Agency.objects.filter(county=world.county, kind=of).first()
    return found or agency(f"县{of.label}", AgencyKind(of), world.county)


def said(world: World, kind: str = "register", as_of: date | None = AS_OF) -> Said:
    return Said(kind, provider(world, kind).name, as_of, PURPOSE)


def send(
    world: World,
    rows: Iterable[dict[str, object]],
    kind: str = "register",
    as_of: date | None = AS_OF,
    role: str = "bureau_staff",
) -> PersonList:
    """Upload and dry run."""
    return send_file(world, xlsx(table(rows)), kind, as_of, role)


def send_file(
    world: World,
    content: bytes,
    kind: str = "register",
    as_of: date | None = AS_OF,
    role: str = "bureau_staff",
) -> PersonList:
    of = said(world, kind, as_of)
    return upload.receive_list(world.scope(role), of, "名单.xlsx", [content], NOW)


def apply(
    world: World, batch: PersonList, role: str = "bureau_staff", now: datetime = NOW
) -> PersonList:
    """Confirm, and let the background do it."""
    person_lists.confirm(world.scope(role), batch.public_id, now)
    run_waiting(now)
    batch.refresh_from_db()
    return batch


def applied(
    world: World,
    rows: Iterable[dict[str, object]],
    kind: str = "register",
    as_of: date = AS_OF,
) -> PersonList:
    return apply(world, send(world, rows, kind, as_of))

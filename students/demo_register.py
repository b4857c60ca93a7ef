"""The lists of other agencies in the demonstration: the register of the police, the poor.

The register holds every child of school age, a few without their number, and a few whom no school
knows: these are unaccounted for until somebody finds out where they are.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from agencies import demo_names
from agencies.demo import County, acting
from agencies.models import Region
from agencies.rules.duties import AgencyKind, Position
from students.imports import run, upload
from students.imports.run import LISTS
from students.models import Student
from students.rules.focus import FocusGroup
from students.rules.identity import check_character
from students.rules.person_list import ListKind
from students.services import focus, person_lists, screening
from students.services.focus import Given
from students.services.person_lists import Said

HEADINGS = ("姓名", "性别", "出生日期", "身份证号", "户籍地址", "户主")
BEFORE = timedelta(days=20)  # how old the register is
UNKNOWN, WITHOUT_NUMBER = 5, 12  # children whom no school knows; rows without their number
POOR, LEFT_BEHIND = 0.06, 0.05  # of all children
SEXES = {Student.Sex.MALE: "男", Student.Sex.FEMALE: "女"}
Row = tuple[str, str, date, str, str, str]


def hand_in(county: County, today: date, now: datetime, rng: Random) -> dict[str, int]:
    """The register is taken in and applied by the bureau; children are tagged; a round opens."""
    staff = acting(county.post(county.bureau, Position.BUREAU_STAFF), today)
    police = county.at[AgencyKind.POLICE, county.region.path]
    known = list(_known(county))
    bare = set(rng.sample(range(len(known)), min(WITHOUT_NUMBER, len(known))))
    rows = [
        (*row[:3], "" if nth in bare else row[3], *row[4:]) for nth, row in enumerate(known)
    ] + [_stranger(county, rng, serial) for serial in range(UNKNOWN)]
    rng.shuffle(rows)
    purpose = "义务教育适龄儿童少年比对"
    said = Said(ListKind.REGISTER, police.name, today - BEFORE, purpose)
    file = _file(rows).encode("utf-8")
    batch = upload.receive_list(staff, said, "户籍适龄儿童少年.csv", [file], now)
    person_lists.confirm(staff, batch.public_id, now)
    run.run(batch.pk, now, work=LISTS)
    pupils = list(Student.objects.filter(county=county.region).values_list("pk", flat=True))
    tagged = 0
    for group, share, source in (
        (FocusGroup.POOR, POOR, "脱贫户名单〔演示〕"),
        (FocusGroup.LEFT_BEHIND_BOTH, LEFT_BEHIND, "学籍系统〔演示〕"),
    ):
        some = rng.sample(pupils, int(len(pupils) * share))
        tagged += focus.tag(some, group, Given(source, today - BEFORE), staff.posts[0].id, today)
    return {"register": len(rows), "tags": tagged, "rounds": screening.open_due(now)}


def _known(county: County) -> Iterator[Row]:
    """What the police know of the children of the county: the same, at the same address."""
    rows = Student.objects.filter(county=county.region, died_on=None).order_by("pk")
    columns = ("name", "sex", "born_on", "id_number", "household__address", "guardians__name")
    first = rows.filter(guardians__order=1)
    for name, sex, born_on, number, address, head in first.values_list(*columns):
        yield name, SEXES[sex], born_on, number or "", address, head


def _stranger(county: County, rng: Random, serial: int) -> Row:
    boy = rng.random() < 0.5
    born_on = date(2013 + serial % 5, 3, 1 + serial)
    villages = [one for several in county.villages.values() for one in several]
    home: Region = rng.choice(villages)
    first = f"330328{born_on:%Y%m%d}{980 + 2 * serial + boy:03d}"
    name = demo_names.child(rng, boy=boy)
    head = demo_names.grown_up(rng, name[:1])
    address = f"{home.parent.name if home.parent else ''}{home.name}{serial + 1}号"
    return name, "男" if boy else "女", born_on, first + check_character(first), address, head


def _file(rows: list[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows((*row[:2], row[2].isoformat(), *row[3:]) for row in rows)
    return text.getvalue()

"""The dry run of a payment list: each row means one child of ours, or says why it does not.

A child is found by its ID number alone, and the name has to agree: money that is put down to the
wrong child is worse than a row that a person has to look at.
"""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from agencies.access import require
from agencies.rules import masking
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from cases.models import PaymentList
from cases.rules.aid import amount_of
from cases.services import payments
from cases.services.payments import File, Read, Said
from students.imports import headings, sheet
from students.imports.cells import Cells, Problem
from students.imports.headings import Columns, Vocabulary
from students.imports.sheet import Refused
from students.models import Student

MOST_BYTES = 8 * 1024 * 1024  # unpacked; such a list has some thousand rows
PAYMENTS = Vocabulary(
    synonyms={
        "name": "姓名 学生姓名 儿童姓名 受助人 受助学生 受助人姓名 领款人 补助对象",
        "id_number": "身份证号 身份证号码 公民身份号码 身份证件号 身份证件号码 证件号码",
        "amount": "金额 发放金额 补助金额 资助金额 救助金额 补助标准 实发金额",
        # Read by nobody: they show that a row holds headings.
        "serial": "序号 编号",
        "school": "学校 就读学校 学校名称",
        "class": "班级 年级",
    },
    needed={"name": "姓名", "id_number": "身份证号", "amount": "金额"},
    one_of=("id_number",),
    one_of_shown="身份证号",
)


def receive(
    scope: Scope, said: Said, name: str, chunks: Iterable[bytes], now: datetime
) -> PaymentList:
    """Read the file and keep what was found. A file that cannot be read is a refused list.

    Raises NotPermitted and RuleBroken.
    """
    require(scope, Duty.IMPORT_LIST)
    problem, rows, digest = "", [], hashlib.sha256()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        try:
            _store(path, chunks, digest)
            if sheet.unpacked_size(path) > MOST_BYTES:
                raise Refused("unpacks_too_large")
            one, columns = headings.table(path, PAYMENTS)
            rows = list(_read(scope.county_id, columns, headings.rows_below(one, columns), now))
            if not rows:
                raise Refused("no_rows")
        except Refused as refused:
            problem = refused.problem
    shown = Path(name.replace("\0", "")).name[-120:]
    return payments.keep(scope, said, File(shown, digest.hexdigest(), problem), rows, now)


def _store(path: Path, chunks: Iterable[bytes], digest: "hashlib._Hash") -> None:
    size = 0
    with path.open("xb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > MOST_BYTES:
                raise Refused("unpacks_too_large")
            digest.update(chunk)
            file.write(chunk)


def _read(
    county_id: int, columns: Columns, rows: Iterable[tuple[int, sheet.Row]], now: datetime
) -> Iterator[Read]:
    today = now.astimezone(CHINA).date()
    cells = [(number, Cells(columns, today, row)) for number, row in rows]
    read = [(number, one, one.valid_id("id_number")) for number, one in cells]
    numbers = {found.number for _number, _one, found in read if found}
    ours = Student.objects.unmerged().filter(county_id=county_id, id_number__in=numbers)
    children = {child.id_number: child for child in ours}
    first: dict[str, int] = {}
    for number, one, found in read:
        name, amount = one.name(), amount_of(one.text("amount"))
        if amount is None:
            one.problem("amount", "amount", masking.free_text(one.text("amount")))
        child = children.get(found.number) if found else None
        if found is None and not one.text("id_number"):
            one.problem("id_number", "missing")
        elif found and found.number in first:
            one.problem("id_number", "same_number", row=first[found.number])
        elif found:
            first[found.number] = number
            _meant(one, child, name)
        yield Read(number, child.pk if child else None, amount, _once(one.problems))


def _meant(one: Cells, child: Student | None, name: str) -> None:
    """The number has to be that of a child of ours, with the name of the row."""
    if child is None:
        one.problem("id_number", "not_ours")
    elif name and child.name != name:
        one.problem("name", "name_differs", name)


def _once(problems: list[Problem]) -> list[Problem]:
    return [one for at, one in enumerate(problems) if one not in problems[:at]]

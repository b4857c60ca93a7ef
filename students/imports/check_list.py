"""The dry run of a list of another agency: every row judged and compared with the list before."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path

from django.db import transaction

from agencies.rules.deadlines import CHINA
from students.imports import headings
from students.imports.cells import Problem, as_text
from students.imports.headings import Columns
from students.imports.list_values import LIST, ListReader
from students.imports.sheet import Refused, Row, Sheet
from students.models import PersonEntry, PersonList
from students.queries import person_lists
from students.queries.places import Homes, homes
from students.rules.identity import ID_FORM
from students.rules.person_list import Listed, ListKind
from students.services import list_rows
from students.services.list_rows import Checked

BATCH = 5000
Change = PersonEntry.Change


@dataclass
class ListRun:
    """What the rows read so far have shown. disputed: numbers that stand beside several names, with
    the rows in which they stand.
    """

    columns: Columns
    homes: Homes
    disputed: dict[str, list[int]]
    row_of: dict[object, int] = field(default_factory=dict)
    with_number: set[object] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.place = lru_cache(maxsize=20_000)(self.homes.find)

    def judge(self, number: int, said: Listed, problems: list[Problem], row: Row) -> Checked:
        """A row with errors does not count as the first of several."""
        problems += self._disputed(number, said)
        if problems:
            return self._left_out(number, Change.ERROR, said, problems, row)
        if repeated := self._repeated(number, said):
            return self._left_out(number, Change.DUPLICATE, said, [repeated], row)
        region = self.place(said.lives_at) or self.place(said.address)
        return Checked(number, Change.NEW, said, region)

    def _disputed(self, number: int, said: Listed) -> list[Problem]:
        others = [one for one in self.disputed.get(said.id_number, ()) if one != number]
        return [self._problem("id_number", "two_names", said, others[0])] if others else []

    def _repeated(self, number: int, said: Listed) -> Problem | None:
        """The same number, or the same person of whom one row has no number, further up."""
        if said.id_number:
            first = self.row_of.setdefault(said.id_number, number)
            if first != number:
                return self._problem("id_number", "same_number", said, first)
        first = self.row_of.setdefault(said.person, number)
        if first != number and not (said.id_number and said.person in self.with_number):
            return self._problem("name", "same_child", said, first)
        if said.id_number:
            self.with_number.add(said.person)
        return None

    def _problem(self, name: str, code: str, said: Listed, row: int) -> Problem:
        shown = said.name if name == "name" else ""
        column = self.columns.heading(name)
        return {"column": column, "code": code, "value_shown": shown, "params": {"row": row}}

    def _left_out(
        self, number: int, change: str, said: Listed, problems: list[Problem], row: Row
    ) -> Checked:
        """The cells are kept as they were read, to be corrected and uploaded again."""
        cells = [as_text(cell) for cell in row]
        return Checked(number, change, said, None, problems, cells)


@transaction.atomic
def check(batch: PersonList, path: Path) -> None:
    """Read the file, write a row for each of its rows, compare and count them.

    Raises Refused when the file as a whole cannot be used; nothing is stored then.
    """
    table, columns = headings.table(path, LIST)
    today = batch.created_at.astimezone(CHINA).date()
    reader = ListReader(columns, ListKind(batch.kind), today)
    run = ListRun(columns, homes(batch.county_id, today), _disputed(table, reader))
    batch.entries.all().delete()
    rows = _judged(table, reader, run)
    total = 0
    while chunk := list(islice(rows, BATCH)):
        list_rows.write(batch.pk, chunk)
        total += len(chunk)
    if not total:
        raise Refused("no_rows")
    batch.headings = columns.as_json()
    batch.previous = person_lists.last_applied(batch.county_id, batch.kind)
    list_rows.compare(batch)
    batch.counts = {
        **list_rows.counts(batch),
        "total": total,
        "before": batch.previous.entries.standing().count() if batch.previous else 0,
        "known": person_lists.known_by_number(batch),
        "no_place": person_lists.rows(batch, "no_place").count(),
    }
    batch.state = PersonList.State.CHECKED
    batch.save(update_fields=["state", "counts", "headings", "previous"])


def _disputed(table: Sheet, reader: ListReader) -> dict[str, list[int]]:
    """Numbers beside several names: nobody can say which row is right, so none of them counts."""
    seen: dict[str, tuple[str, list[int]]] = {}
    disputed: dict[str, list[int]] = {}
    for row_number, row in headings.rows_below(table, reader.columns):
        number, name = reader.number_and_name(row)
        if not ID_FORM.match(number):
            continue
        first, rows = seen.setdefault(number, (name, []))
        rows.append(row_number)
        if name != first:
            disputed[number] = rows
    return disputed


def _judged(table: Sheet, reader: ListReader, run: ListRun) -> Iterator[Checked]:
    for number, row in headings.rows_below(table, reader.columns):
        said, problems = reader.read(row)
        yield run.judge(number, said, problems, row)

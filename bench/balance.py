"""The balance of a county beside one plain statement that sorts the same children."""

from django.urls import reverse

from agencies import clock
from agencies.access import scope_of
from agencies.rules.duties import Position
from bench import county, floors
from bench.measure import Found, Measured, Size, get, in_turn, statements
from cases.rules.workflow import OUT_OF_SCHOOL
from reporting.queries import areas
from reporting.queries.balance import Wanted, balance, cohort

# Today only: no other day, no dead, no completed, no child past the age, no ended placement.
PLAIN = """
SELECT left(r.path, 9), CASE WHEN c.id IS NOT NULL THEN 'open_case'
    WHEN p.id IS NOT NULL THEN p.kind WHEN e.id IS NOT NULL THEN 'in_school'
    WHEN t.id IS NOT NULL THEN 'elsewhere' ELSE 'unaccounted' END, count(*)
FROM students_student s
JOIN students_household h ON h.id = s.household_id
JOIN agencies_region r ON r.id = h.region_id
LEFT JOIN students_enrollmentrecord e ON e.student_id = s.id AND e.starts_on <= %(day)s
    AND (e.ends_on IS NULL OR e.ends_on >= %(day)s)
LEFT JOIN cases_case c ON c.student_id = s.id AND c.state = ANY(%(out)s)
LEFT JOIN students_placement p ON p.student_id = s.id
    AND %(day)s BETWEEN p.starts_on AND p.ends_on AND p.returned_on IS NULL
LEFT JOIN students_transfer t ON t.student_id = s.id AND t.confirmed_on <= %(day)s
WHERE s.county_id = %(county)s AND s.born_on BETWEEN %(first)s AND %(last)s
GROUP BY 1, 2"""


def plain(county_id: int) -> floors.Rows:
    day = clock.today()
    who = cohort(county_id, day)
    out = sorted(OUT_OF_SCHOOL)
    return floors.query(PLAIN, county=county_id, day=day, out=out, first=who.first, last=who.last)


def whole_county(size: Size, rounds: int) -> Found:
    """The page of the bureau, and its statement as the floor. Both sort the same children."""
    leader = county.holder(Position.BUREAU_LEADER)
    client, scope = county.client_of(leader), scope_of(leader)
    today = clock.today()
    ours = balance(Wanted(areas.own(scope, today), today, today))
    same = sum(number for _township, _part, number in plain(scope.county_id))
    assert ours.total == same > 0, (ours.counts, same)
    url = reverse("balance")
    found = Measured(queries=statements(lambda _: get(client, url), 0))
    found.ours, found.floor = in_turn(
        rounds, lambda _: get(client, url), lambda _: plain(scope.county_id)
    )
    return {"balance": found}

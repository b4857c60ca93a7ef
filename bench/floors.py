"""The floors: the same results by plain SQL, and by pages with nothing on them but the result.

The addresses at the end are served only to the browsers of floor_client().
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, override_settings
from django.urls import path

from agencies import clock
from agencies.models import User
from bench.county import client_of
from cases.rules.workflow import OPEN
from students.models import Roll, RollMark, SchoolClass, Student
from students.rules.marks import Mark

Rows = list[tuple[Any, ...]]


def query(statement: str, **values: Any) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


# --- statements -----------------------------------------------------------------------------

SAVE_ROLL = """
INSERT INTO students_roll
    (county_id, school_class_id, day, state, reason, taken_by_id, taken_at, version)
SELECT county_id, id, %(day)s, 'taken', '', %(post)s, %(now)s, 1
FROM students_schoolclass WHERE id = %(class)s
ON CONFLICT (school_class_id, day) DO UPDATE
    SET taken_by_id = excluded.taken_by_id, taken_at = excluded.taken_at,
        version = students_roll.version + 1
RETURNING id
"""
SAVE_MARKS = """
INSERT INTO students_rollmark (county_id, roll_id, student_id, day, mark, reason)
SELECT roll.county_id, roll.id, student, roll.day, mark, ''
FROM students_roll roll, unnest(%(students)s, %(marks)s) AS given (student, mark)
WHERE roll.id = %(roll)s
"""
# Only the unexcused marks are numbered; rolls are looked up only inside the gaps between them.
RUNS = """
WITH school_day AS (
    SELECT day, row_number() OVER (ORDER BY day) AS nth FROM unnest(%(days)s::date[]) AS day
), absent AS (
    SELECT m.student_id, m.day, d.nth, t.id AS term, lag(m.day) OVER own AS before,
           lag(d.nth) OVER own AS nth_before,
           count(*) OVER (PARTITION BY m.student_id, t.id) AS many
    FROM students_rollmark m
    JOIN school_day d USING (day)
    JOIN students_term t ON t.county_id = m.county_id AND m.day BETWEEN t.starts_on AND t.ends_on
    WHERE m.mark = 'unexcused'
    WINDOW own AS (PARTITION BY m.student_id, t.id ORDER BY m.day)
), parted AS (
    SELECT student_id, term, day, (before IS NULL OR nth - nth_before > 1 AND EXISTS (
        SELECT FROM students_enrollmentrecord e
        JOIN students_roll r ON r.school_class_id = e.school_class_id AND r.state = 'taken'
                            AND r.day > before AND r.day < absent.day
        LEFT JOIN students_rollmark m ON m.student_id = e.student_id AND m.day = r.day
        WHERE e.student_id = absent.student_id AND r.day >= e.starts_on
          AND (e.ends_on IS NULL OR r.day <= e.ends_on) AND m.mark IS DISTINCT FROM 'unknown'
    ))::int AS begins
    FROM absent WHERE many > %(more_than)s
), numbered AS (
    SELECT student_id, term, day,
           sum(begins) OVER (PARTITION BY student_id, term ORDER BY day) AS run
    FROM parted
)
SELECT student_id, min(day), max(day), count(*)
FROM numbered GROUP BY student_id, term, run HAVING count(*) > %(more_than)s
"""
# The five facts of the board, grouped by township: rolls, pupils, marks, runs, cases.
BOARD = (
    """
SELECT left(g.path, 9), count(*), count(*) FILTER (WHERE r.state = 'taken') AS rolls_taken
FROM students_schoolclass k
JOIN agencies_agency s ON s.id = k.school_id JOIN agencies_region g ON g.id = s.region_id
LEFT JOIN students_roll r ON r.school_class_id = k.id AND r.day = %(day)s
WHERE k.county_id = %(county)s AND EXISTS (
    SELECT FROM students_enrollmentrecord e WHERE e.school_class_id = k.id
    AND e.starts_on <= %(day)s AND (e.ends_on IS NULL OR e.ends_on >= %(day)s))
GROUP BY 1""",
    """
SELECT left(g.path, 9), count(*) AS enrolled,
       count(*) FILTER (WHERE r.state = 'taken' AND away.id IS NULL) AS pupils_called
FROM students_enrollmentrecord e
JOIN agencies_agency s ON s.id = e.school_id JOIN agencies_region g ON g.id = s.region_id
LEFT JOIN students_roll r ON r.school_class_id = e.school_class_id AND r.day = %(day)s
LEFT JOIN students_placement away ON away.student_id = e.student_id
    AND %(day)s BETWEEN away.starts_on AND away.ends_on
    AND (away.returned_on IS NULL OR away.returned_on > %(day)s)
WHERE e.county_id = %(county)s
  AND e.starts_on <= %(day)s AND (e.ends_on IS NULL OR e.ends_on >= %(day)s)
GROUP BY 1""",
    """
SELECT left(g.path, 9), count(*) FILTER (WHERE m.mark = 'unexcused') AS unexcused,
       count(*) FILTER (WHERE m.mark = 'sick_leave') AS sick_leave,
       count(*) FILTER (WHERE m.mark = 'personal_leave') AS personal_leave
FROM students_roll r
JOIN students_rollmark m ON m.roll_id = r.id
JOIN students_schoolclass k ON k.id = r.school_class_id
JOIN agencies_agency s ON s.id = k.school_id JOIN agencies_region g ON g.id = s.region_id
WHERE r.county_id = %(county)s AND r.day = %(day)s AND r.state = 'taken'
GROUP BY 1""",
    """
SELECT left(g.path, 9), count(*) FILTER (WHERE a.days = 1) AS runs_1,
       count(*) FILTER (WHERE a.days = 2) AS runs_2, count(*) FILTER (WHERE a.days = 3) AS runs_3,
       count(*) FILTER (WHERE a.days > 3) AS runs_4plus
FROM students_absencerun a
JOIN students_term t ON t.id = a.term_id AND %(day)s BETWEEN t.starts_on AND t.ends_on
JOIN students_enrollmentrecord e ON e.student_id = a.student_id
    AND e.starts_on <= %(day)s AND (e.ends_on IS NULL OR e.ends_on >= %(day)s)
JOIN agencies_agency s ON s.id = e.school_id JOIN agencies_region g ON g.id = s.region_id
WHERE a.county_id = %(county)s AND (a.ended_on IS NULL OR a.ended_on > %(day)s)
GROUP BY 1""",
    """
SELECT left(coalesce(g.path, h.path), 9), count(*) AS cases_open, count(*) FILTER (WHERE EXISTS (
    SELECT FROM cases_caseobligation l JOIN agencies_obligation o ON o.id = l.obligation_id
    WHERE l.case_id = c.id AND o.met_at IS NULL AND o.waived_at IS NULL AND o.due_at < %(now)s
    )) AS overdue
FROM cases_case c
JOIN students_household home ON home.id = c.household_id
JOIN agencies_region h ON h.id = home.region_id
LEFT JOIN agencies_agency s ON s.id = c.school_id LEFT JOIN agencies_region g ON g.id = s.region_id
WHERE c.county_id = %(county)s AND c.state = ANY (%(open)s)
GROUP BY 1""",
)
WORK_LIST = """
SELECT c.public_id, c.number, c.state, pupil.name, g.name, k.grade, k.number,
       due.kind, due.clause, due.due_on, due.agency
FROM cases_case c
JOIN students_student pupil ON pupil.id = c.student_id
JOIN students_household home ON home.id = c.household_id
JOIN agencies_region g ON g.id = home.region_id
LEFT JOIN students_schoolclass k ON k.id = c.school_class_id
LEFT JOIN agencies_agency s ON s.id = c.school_id
LEFT JOIN agencies_region at ON at.id = s.region_id
LEFT JOIN LATERAL (
    SELECT o.kind, o.clause, o.due_on, o.due_at, owes.name AS agency
    FROM cases_caseobligation l
    JOIN agencies_obligation o ON o.id = l.obligation_id
    JOIN agencies_agency owes ON owes.id = o.owed_by_id
    WHERE l.case_id = c.id AND o.met_at IS NULL AND o.waived_at IS NULL
    ORDER BY o.due_at, o.id LIMIT 1
) due ON true
WHERE c.county_id = %(county)s AND c.state = ANY (%(open)s)
  AND (g.path LIKE %(place)s OR at.path LIKE %(place)s)
ORDER BY due.due_at NULLS LAST, c.id LIMIT 201
"""


def save_roll(class_id: int, marks: dict[int, str], post: int) -> None:
    """One roll and its marks in a transaction, and nothing else."""
    given: dict[str, Any] = {
        "day": clock.today(),
        "now": clock.now(),
        "class": class_id,
        "post": post,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SAVE_ROLL, given)
        roll = cursor.fetchone()[0]
        cursor.execute("DELETE FROM students_rollmark WHERE roll_id = %s", [roll])
        rows: dict[str, Any] = {
            "roll": roll,
            "students": list(marks),
            "marks": list(marks.values()),
        }
        cursor.execute(SAVE_MARKS, rows)


def runs(days: list[date], more_than: int) -> Rows:
    """(student, first day, last day, days) of every run of the year."""
    return query(RUNS, days=days, more_than=more_than)


def board(county: int) -> list[Rows]:
    at = {"county": county, "day": clock.today(), "now": clock.now(), "open": sorted(OPEN)}
    return [query(statement, **at) for statement in BOARD]


def work_list(county: int, place: str) -> Rows:
    return query(WORK_LIST, county=county, open=sorted(OPEN), place=f"{place}%")


# --- bare pages -----------------------------------------------------------------------------

FRAME = """<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">
<title>{{ title }}</title></head><body><p>{{ user.name }}</p><h1>{{ title }}</h1>%s</body></html>"""
ROLL = engines["django"].from_string(
    FRAME
    % """<form method="post">{% csrf_token %}{% for pupil in pupils %}
<p>{{ forloop.counter }} {{ pupil.name }}
{% for mark in marks %}<label><input type="radio" name="mark-{{ pupil.id }}" value="{{ mark }}"
{% if mark == pupil.mark %} checked{% endif %}>{{ mark }}</label>{% endfor %}
<input name="reason-{{ pupil.id }}"></p>{% endfor %}<button>OK</button></form>"""
)
TABLES = engines["django"].from_string(
    FRAME
    % """{% for rows in tables %}<table>{% for row in rows %}<tr>{% for cell in row %}
<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>{% endfor %}"""
)
MARKS = [str(mark) for mark in Mark]


def own_addresses(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """Middleware: the addresses of this module instead of the product's."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.urlconf = __name__  # type: ignore[attr-defined]  # Django's own way to say this
        return get_response(request)

    return answer


USUAL = (
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
)


def floor_client(user: User) -> Client:
    """A browser in which this person is logged in, before Django's usual middleware."""
    return _before(client_of(user), USUAL)


def empty_client() -> Client:
    """A browser before no middleware at all."""
    return _before(Client(), ())


def _before(client: Client, middleware: tuple[str, ...]) -> Client:
    with override_settings(MIDDLEWARE=[*middleware, f"{__name__}.own_addresses"]):
        client.handler.load_middleware()
    return client


def _user(request: HttpRequest) -> User:
    return User.objects.get(pk=request.session["_auth_user_id"])


def roll_page(request: HttpRequest, class_id: int) -> HttpResponse:
    """Session and user, and three simple queries: the class, its roll, the pupils."""
    user, day = _user(request), clock.today()
    one = SchoolClass.objects.select_related("school").get(pk=class_id)
    roll = Roll.objects.filter(school_class=one, day=day).first()
    marks = dict(RollMark.objects.filter(roll=roll).values_list("student_id", "mark"))
    pupils = Student.objects.filter(enrollments__school_class=one, enrollments__ends_on=None)
    rows = [
        {"id": pk, "name": name, "mark": marks.get(pk)}
        for pk, name in pupils.order_by("name_keys").values_list("pk", "name")
    ]
    context = {"title": one.school.name, "user": user, "pupils": rows, "marks": MARKS}
    return HttpResponse(ROLL.render(context, request))


def save_page(request: HttpRequest, class_id: int) -> HttpResponse:
    """The form is read and stored; nobody is asked who he is."""
    marks = {
        int(name.removeprefix("mark-")): str(mark)
        for name, mark in request.POST.items()
        if name.startswith("mark-") and mark
    }
    save_roll(class_id, marks, int(request.POST["post"]))
    return HttpResponse(status=302)


def board_page(request: HttpRequest, county: int) -> HttpResponse:
    context = {"title": "board", "user": _user(request), "tables": board(county)}
    return HttpResponse(TABLES.render(context, request))


def work_list_page(request: HttpRequest, county: int, place: str) -> HttpResponse:
    tables = [work_list(county, place)]
    context = {"title": "work list", "user": _user(request), "tables": tables}
    return HttpResponse(TABLES.render(context, request))


urlpatterns = [
    path("roll/<int:class_id>/", roll_page),
    path("save/<int:class_id>/", save_page),
    path("board/<int:county>/", board_page),
    path("cases/<int:county>/<str:place>/", work_list_page),
]

"""The pairs of rows and records that may be one child: blocks and levels in SQL, nothing decided.

Everything is set-based: two tables of what is compared, one of pairs that share a block, one of
the levels of each pair. The levels leave as few different patterns, which the rule weighs.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from students.models import PersonList
from students.rules.identity import has_right_check
from students.rules.matching import SHOWN, Agreement, Level, Pair, points
from students.rules.names import VARIANTS, full_readings

MEMORY = "SET LOCAL work_mem = '192MB'"
DROPPED = "·•.． "  # from names: they stand between the parts of some and are often left out
LEVEL = {level.value[0]: level for level in Level}

AGAIN = "DROP TABLE IF EXISTS match_row, match_record, match_pair, match_level"
ROWS = """
CREATE TEMP TABLE match_row ON COMMIT DROP AS
SELECT entry.id, translate(normalize(entry.name, NFKC), %(rare)s, %(usual)s) AS name,
       ''::text AS key, ARRAY[]::text[] AS keys,
       entry.born_on, entry.sex, entry.id_number AS number, false AS valid,
       array_remove(array_remove(ARRAY[entry.head, entry.detail ->> 'guardian'], ''), NULL)
           AS adults,
       entry.address, entry.lives_at, region.path
FROM students_personentry entry LEFT JOIN agencies_region region ON region.id = entry.region_id
WHERE entry.batch_id = %(batch)s AND entry.student_id IS NULL AND entry.change <> 'gone'
  AND entry.name <> ''
"""
READ = """
UPDATE match_row SET key = given.key, keys = string_to_array(given.keys, ' ')
FROM unnest(%s::text[], %s::text[], %s::text[]) AS given (name, key, keys)
WHERE match_row.name = given.name
"""
VALID = "UPDATE match_row SET valid = true WHERE number = ANY (%s)"
RECORDS = """
CREATE TEMP TABLE match_record ON COMMIT DROP AS
SELECT child.id, translate(normalize(child.name, NFKC), %(rare)s, %(usual)s) AS name,
       split_part(child.name_keys, ' ', 2) AS key, child.name_keys || ' ' AS keys,
       child.born_on, child.sex, coalesce(child.id_number, '') AS number,
       (SELECT array_agg(adult.name) FROM students_guardian adult
        WHERE adult.student_id = child.id AND adult.name <> '') AS adults,
       home.address, child.registered_at, region.path,
       EXISTS (SELECT FROM students_personentry other
               WHERE other.batch_id = %(batch)s AND other.student_id = child.id) AS taken
FROM students_student child
JOIN students_household home ON home.id = child.household_id
JOIN agencies_region region ON region.id = home.region_id
WHERE child.county_id = %(county)s AND child.merged_into_id IS NULL
"""
# A pair needs one of these in common; together they hold two errors in a row.
BLOCKS = """
CREATE TEMP TABLE match_pair ON COMMIT DROP AS
SELECT a.id AS entry, b.id AS student FROM match_row a JOIN match_record b
    ON b.born_on = a.born_on AND left(b.name, 1) = left(a.name, 1)
UNION SELECT a.id, b.id FROM match_row a JOIN match_record b
    ON b.born_on = a.born_on AND substr(b.name, 2) = substr(a.name, 2)
UNION SELECT a.id, b.id FROM match_row a JOIN match_record b
    ON b.key = a.key AND extract(year FROM b.born_on) = extract(year FROM a.born_on)
UNION SELECT a.id, b.id FROM match_row a JOIN match_record b
    ON b.key = a.key AND to_char(b.born_on, 'MMDD') = to_char(a.born_on, 'MMDD')
UNION SELECT a.id, b.id
    FROM (SELECT id, born_on, unnest(adults) AS adult FROM match_row) a
    JOIN (SELECT id, born_on, unnest(adults) AS adult FROM match_record) b
    ON b.adult = a.adult AND extract(year FROM b.born_on) = extract(year FROM a.born_on)
UNION SELECT a.id, b.id FROM match_row a JOIN match_record b
    ON a.number <> '' AND b.number = a.number
UNION SELECT a.id, b.id FROM match_row a JOIN match_record b
    ON a.number <> '' AND right(b.number, 4) = right(a.number, 4)
    AND left(b.number, 6) = left(a.number, 6) AND left(b.name, 1) = left(a.name, 1)
"""
# Just after a large import the planner does not know yet how large these are.
KNOWN = "ANALYZE students_student, students_household, students_guardian, students_personentry"
LEVELS = """
CREATE TEMP TABLE match_level ON COMMIT DROP AS
SELECT entry, student, taken,
  CASE WHEN name = name_b THEN 's'
       WHEN EXISTS (SELECT FROM unnest(keys) AS key WHERE strpos(keys_b, ' ' || key || ' ') > 0)
       THEN 'r'
       WHEN levenshtein(name, name_b) <= 1 THEN 'n' ELSE 'o' END ||
  CASE WHEN number = '' OR number_b = '' THEN 'u' WHEN number = number_b THEN 's'
       WHEN levenshtein_less_equal(number, number_b, 1) <= 1 THEN 'n'
       WHEN valid THEN 'o' ELSE 'u' END ||
  CASE WHEN born_on IS NULL THEN 'u' WHEN born_on = born_on_b THEN 's'
       WHEN to_char(born_on, 'YYYYMMDD') = to_char(born_on_b, 'YYYYDDMM') THEN 'n'
       WHEN levenshtein(to_char(born_on, 'YYYYMMDD'), to_char(born_on_b, 'YYYYMMDD')) <= 1 THEN 'n'
       ELSE 'o' END ||
  CASE WHEN adults && adults_b THEN 's'
       WHEN cardinality(adults) > 0 AND cardinality(adults_b) > 0 THEN 'o' ELSE 'u' END ||
  CASE WHEN path IS NULL AND address = '' THEN 'u' WHEN alike >= 0.7 THEN 's'
       WHEN alike >= 0.5 OR path = path_b AND length(path) = 12 THEN 'n'
       WHEN length(path) >= 9 AND left(path, 9) = left(path_b, 9) THEN 'a' ELSE 'o' END ||
  CASE WHEN sex = '' THEN 'u' WHEN sex = sex_b THEN 's' ELSE 'o' END AS pattern
FROM (
  SELECT pair.*, a.name, a.keys, a.number, a.valid, a.born_on, a.adults, a.address, a.path, a.sex,
         b.name AS name_b, b.keys AS keys_b, b.number AS number_b, b.born_on AS born_on_b,
         b.adults AS adults_b, b.path AS path_b, b.sex AS sex_b, b.taken,
         greatest(similarity(a.address, b.address), similarity(a.lives_at, b.address),
                  similarity(a.address, b.registered_at)) AS alike
  FROM match_pair pair
  JOIN match_row a ON a.id = pair.entry JOIN match_record b ON b.id = pair.student
  OFFSET 0  -- so that the likeness of addresses is computed once
) both_sides
"""
PAIRS = """
SELECT entry, student, pattern, taken FROM match_level WHERE pattern = ANY (%s)
  AND NOT EXISTS (SELECT FROM students_candidate refused WHERE refused.entry_id = entry
                  AND refused.student_id = student AND refused.refused_at IS NOT NULL)
ORDER BY entry, student
"""


def prepare(batch: PersonList) -> int:
    """Fill the tables that live as long as the transaction. Returns the number of open rows."""
    rare, usual = zip(*VARIANTS.items(), strict=True)
    of: dict[str, Any] = {
        "batch": batch.pk,
        "county": batch.county_id,
        "rare": "".join(rare) + DROPPED,
        "usual": "".join(usual),
    }
    with connection.cursor() as cursor:
        cursor.execute(MEMORY)
        cursor.execute(AGAIN)
        cursor.execute(ROWS, of)
        if not (rows := cursor.rowcount):
            return 0
        _read(cursor)
        cursor.execute(KNOWN)
        cursor.execute(RECORDS, of)
        cursor.execute("ANALYZE match_row, match_record")
        cursor.execute(BLOCKS)
        cursor.execute("ANALYZE match_pair")
        cursor.execute(LEVELS)
    return rows


def pairs() -> Iterator[Pair]:
    """The pairs of prepare() that are worth a look."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT pattern FROM match_level")
        agreements = {row[0]: _agreement(row[0]) for row in cursor.fetchall()}
        shown = [pattern for pattern, one in agreements.items() if points(one) >= SHOWN]
        cursor.execute(PAIRS, [shown])
        for entry, student, pattern, taken in cursor.fetchall():
            yield Pair(entry, student, agreements[pattern], taken)


def _agreement(pattern: str) -> Agreement:
    return Agreement(*(LEVEL[letter] for letter in pattern))


def _read(cursor: Any) -> None:
    """How the names of the rows are read, and which of their numbers are valid ones."""
    cursor.execute("SELECT DISTINCT name, number FROM match_row")
    found = cursor.fetchall()
    names = sorted({name for name, _ in found})
    keys = [full_readings(name) for name in names]
    cursor.execute(READ, [names, [one[0] for one in keys], [" ".join(one) for one in keys]])
    valid = {number for _, number in found if has_right_check(number)}
    cursor.execute(VALID, [sorted(valid)])

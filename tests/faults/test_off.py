"""F11: everything was off for three days, over deadlines."""

import pytest

from tests.faults.owed import owe, tally
from tests.faults.stage import Stage

pytestmark = pytest.mark.fault
OWED, DAY = 500, 86400
# What the sweep believed when the machine went off: another start of it, three days ago.
MARK = """
DELETE FROM agencies_clockmark;
INSERT INTO agencies_clockmark (now, boot, up, doubt)
VALUES (now() - interval '3 days', 'the start before', 1000000, '')
"""
ORDER = """
SELECT levels, count(*) FROM (
    SELECT array_agg(e.level ORDER BY e.id) AS levels FROM agencies_escalation e
    JOIN agencies_obligation o ON o.id = e.obligation_id WHERE o.key LIKE 'f11:%%' GROUP BY o.id
) each GROUP BY levels
"""
TOLD = """
SELECT n.kind, n.level, count(*), count(DISTINCT o.id) FROM agencies_notice n
JOIN agencies_obligation o ON o.id = n.obligation_id WHERE o.key LIKE 'f11:%%' GROUP BY 1, 2
"""


def test_three_days_off_over_a_deadline(stage: Stage, saw) -> None:
    """A reminder, the due moment and two rungs have passed: all recorded in order, one told."""
    owe(stage, "f11", OWED, -2.5 * DAY, levels=(0, 1, 2, 3), days=(-1, 0, 1, 2))
    owe(stage, "f11-next", OWED, DAY / 2, levels=(0, 1), days=(-1, 0))
    stage.sql(MARK)
    stage.kill_valkey()
    stage.kill_postgres()
    stage.start_postgres()
    stage.start_valkey()
    done = stage.tick()
    assert done.returncode == 0, done.stderr
    assert stage.sql(ORDER) == [([1, 2, 3], OWED)]
    assert stage.sql(TOLD) == [("deadline", 3, OWED, OWED)]
    found = tally(stage, "f11-next")
    assert (found.escalations, found.untouched) == (0, 0), "only reminded of: it is due tomorrow"
    took = stage.one("SELECT seconds FROM agencies_taskrun WHERE name = 'students.sweep_deadlines'")
    before = stage.sql(TOLD)
    assert stage.tick().returncode == 0
    assert stage.sql(TOLD) == before
    saw(
        "F11",
        f"{OWED} duties with four steps passed: levels 1, 2, 3 in order for each, one notice "
        f"each, in one `tick` ({took:.2f} s of sweeping); a second one adds nothing",
    )

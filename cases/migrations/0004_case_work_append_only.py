"""Issued papers and the steps of requests and tips are never rewritten; seats of a school know their school."""

from django.db import migrations

TABLES = ("casepaper", "requeststep", "tipstep", "attendanceconfirmation")
FORWARD = "".join(
    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON cases_{table} "
    "FOR EACH ROW EXECUTE FUNCTION refuse_change();"
    for table in TABLES
)
BACKWARD = "".join(f"DROP TRIGGER {table}_append_only ON cases_{table};" for table in TABLES)
SEATS = """
UPDATE cases_teamseat s SET school_id = p.agency_id FROM agencies_post p
WHERE p.id = s.post_id AND s.seat IN ('school_leader', 'teacher') AND s.school_id IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_case_work"), ("agencies", "0006_stored_files_append_only")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(SEATS, migrations.RunSQL.noop),
    ]

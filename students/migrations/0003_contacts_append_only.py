"""The log of contacts is append-only: what was said is never rewritten."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER contact_append_only BEFORE UPDATE OR DELETE ON students_guardiancontact
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = "DROP TRIGGER contact_append_only ON students_guardiancontact;"


class Migration(migrations.Migration):
    dependencies = [("students", "0002_deadlines"), ("agencies", "0002_append_only")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

"""A file that was stored is never rewritten: the database refuses it."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER stored_file_append_only BEFORE UPDATE OR DELETE ON agencies_storedfile
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = "DROP TRIGGER stored_file_append_only ON agencies_storedfile;"


class Migration(migrations.Migration):
    dependencies = [("agencies", "0005_case_work")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

"""What was signed and what was added to it stays: the database refuses to change or delete it."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER paper_append_only BEFORE UPDATE OR DELETE ON reporting_frozenpaper
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER slip_append_only BEFORE UPDATE OR DELETE ON reporting_slip
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER paper_append_only ON reporting_frozenpaper;
DROP TRIGGER slip_append_only ON reporting_slip;
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial"), ("agencies", "0003_deadlines")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

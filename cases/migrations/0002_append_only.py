"""What happened in a case is never rewritten."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER case_event_append_only BEFORE UPDATE OR DELETE ON cases_caseevent
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = "DROP TRIGGER case_event_append_only ON cases_caseevent;"


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("agencies", "0002_append_only")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

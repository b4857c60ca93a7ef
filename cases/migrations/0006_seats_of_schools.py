"""Seats and duties from before schools and seats were named: both follow from what is there."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery

SEAT_OF = {
    "case_verify": "township_cadre",
    "case_closure": "township_cadre",
    "case_team": "township_leader",
    "case_visit": "village_cadre",
    "case_decide": "bureau_leader",
    "case_follow_up": "school_leader",
}


def fill(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    seats = apps.get_model("cases", "TeamSeat").objects.filter(school=None)
    post = apps.get_model("agencies", "Post").objects.filter(pk=OuterRef("post"))
    of_schools = seats.filter(seat__in=("school_leader", "teacher"))
    of_schools.update(school=Subquery(post.values("agency")[:1]))
    links = apps.get_model("cases", "CaseObligation").objects.filter(seat="")
    for kind, seat in SEAT_OF.items():
        links.filter(obligation__kind=kind).update(seat=seat)


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_wrong_tracking_numbers")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]

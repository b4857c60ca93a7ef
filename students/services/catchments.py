"""Drawing the catchments: which school the children of a place enter."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import NotPossible, Reason, RuleBroken
from agencies.models import Agency, Region
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from agencies.services import audit
from students.models import Catchment
from students.rules.admission import takes_in

DAY = timedelta(days=1)


@transaction.atomic
def draw(
    scope: Scope, region: Region, grade: int, school: Agency | None, on: date, now: datetime
) -> Catchment | None:
    """From this day on the place enters the school (免试就近入学, 义务教育法 12).

    school None: the place has no row of its own any more, so its township's holds. What held
    before stays as history.

    Raises NotPermitted; RuleBroken for a day that is over and for a school without that grade;
    NotPossible when a later row of the place is there already.
    """
    post = require(scope, Duty.DRAW_ZONES)
    if on < scope.on:
        raise RuleBroken(Reason("past", _("A zone cannot change for days that are over."), "/on"))
    if school and not takes_in(school.first_grade, school.last_grade, grade):
        raise RuleBroken(Reason("grade", _("The school does not have this grade."), "/school"))
    Region.objects.select_for_update(no_key=True).get(pk=region.pk)
    rows = Catchment.objects.filter(region=region, grade=grade)
    later = rows.filter(starts_on__gt=on).order_by("starts_on").first()
    if later:
        words = _("Another school is set from %(day)s on already.") % {"day": later.starts_on}
        raise NotPossible(Reason("later", words))
    rows.filter(starts_on=on).delete()  # it has not held for a whole day
    rows.on(on).update(ends_on=on - DAY)
    made = None
    if school:
        made = Catchment.objects.create(
            county_id=scope.county_id, region=region, school=school, grade=grade, starts_on=on
        )
    audit.record(scope, "catchment.draw", f"region:{region.code}", now=now, post=post, grade=grade)
    return made

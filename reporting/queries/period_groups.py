"""The figures of a month or quarter that count children, for each focus group in one statement.

Counted from the very rows of the figures (period_rows.py), so that no part can exceed its whole. A
child is of a group that it belongs to on the last day; it may be of several, so groups do not add
up. Restricted groups are left out: a report is frozen, and read by more than may see them.
"""

from collections.abc import Iterable

from django.db.models import Count, FilteredRelation, Q, QuerySet, Value

from agencies.models import Agency
from agencies.models.bases import valid_on
from reporting.queries.period_rows import Counted, of_children
from reporting.rules.periods import Period
from students.rules.focus import OPEN_GROUPS, FocusGroup, seen_groups

Groups = dict[FocusGroup, dict[str, int]]


def by_group(span: Period, schools: Iterable[Agency]) -> Groups:
    """Of these schools together; every open group has all the figures."""
    counted = of_children([school.pk for school in schools], span)
    found: Groups = {group: dict.fromkeys(counted, 0) for group in seen_groups(may_tag=False)}
    first, *rest = (_in_groups(key, one, span) for key, one in counted.items())
    for key, group, number in first.union(*rest, all=True):
        found[FocusGroup(group)][key] = number
    return found


def _in_groups(key: str, counted: Counted, span: Period) -> QuerySet:
    """The figure, an open group, and how many of its rows are of a child of the group."""
    tags = f"{counted.student}__tags"
    holds = valid_on(span.last, f"{tags}__") & Q(**{f"{tags}__group__in": sorted(OPEN_GROUPS)})
    rows = counted.rows.annotate(tag=FilteredRelation(tags, condition=holds))
    of = rows.filter(tag__isnull=False).annotate(figure=Value(key)).order_by()
    return of.values_list("figure", "tag__group").annotate(Count("pk"))

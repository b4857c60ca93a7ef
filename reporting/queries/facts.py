"""The facts of a board: one queryset each, and the condition of every indicator on it.

Counts (board.py) and lists (behind.py) are made from the same queryset and the same condition, so
they cannot disagree. Each fact is one grouped query whatever the number of pupils.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import (
    Case as When_,
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce, Substr

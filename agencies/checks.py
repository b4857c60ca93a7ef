"""System checks of a running county: `manage.py check --database default`.

Plain SQL, because the checks are registered before the models are loaded.
"""

from collections.abc import Sequence
from datetime import date
from ipaddress import ip_network

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import Error as DatabaseError
from django.db import connections

from agencies import clock
from agencies.rules.network import OWN_SOCKET

NOTICE_IS_OUT = (11, 15)  # the State Council publishes next year's holidays around this day


def _column(database: str, statement: str) -> list[object]:
    try:
        with connections[database].cursor() as cursor:
            cursor.execute(statement)
            return [row[0] for row in cursor.fetchall()]
    except DatabaseError:  # not migrated yet: nothing to check
        return []


@register(Tags.database)
def calendar_is_loaded(
    databases: Sequence[str] | None = None, **kwargs: object
) -> list[CheckMessage]:
    """Deadlines of a year without its official notice are provisional: somebody has to load it."""
    if not databases:
        return []
    loaded = _column("default", "SELECT year FROM agencies_calendaryear")
    if not loaded:
        return []
    return [
        Warning(
            f"The official calendar of {year} is not loaded: its deadlines are provisional.",
            hint="Load its notice on the page Calendar, or with load_calendar.",
            id="agencies.W001",
        )
        for year in years_needed(clock.today())
        if year not in loaded
    ]


def years_needed(today: date) -> list[int]:
    """This year, and from mid-November on the next."""
    late = (today.month, today.day) >= NOTICE_IS_OUT
    return [today.year, today.year + 1] if late else [today.year]


@register(Tags.database)
def names_are_searchable(
    databases: Sequence[str] | None = None, **kwargs: object
) -> list[CheckMessage]:
    """With a C locale pg_trgm finds no trigrams in Chinese, silently: search would find nobody."""
    if not databases or _column("default", "SELECT show_trgm('张三') <> '{}'") != [False]:
        return []
    return [
        Error(
            "The database's character type knows no Chinese letters.",
            hint="Create the database with a UTF-8 locale such as C.UTF-8.",
            id="agencies.E001",
        )
    ]


@register()
def proxies_are_networks(**kwargs: object) -> list[CheckMessage]:
    """Behind a proxy that is not named, all visitors would share the limit of one address."""
    found: list[CheckMessage] = []
    for one in settings.TRUSTED_PROXIES:
        try:
            if one != OWN_SOCKET:
                ip_network(one, strict=False)
        except ValueError:
            text = f"TRUSTED_PROXIES holds {one}, which is no address, no network and not unix."
            found.append(Error(text, id="agencies.E002"))
    if settings.SECURE_PROXY_SSL_HEADER and not settings.TRUSTED_PROXIES:
        text = "TRUSTED_PROXIES is empty: tips of all visitors count as those of one address."
        hint = "Name the address or network of the proxy, or unix for a socket."
        found.append(Warning(text, hint=hint, id="agencies.W002"))
    return found

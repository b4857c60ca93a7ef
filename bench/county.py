"""The county that is measured, in databases of its own beside the one of DATABASE_URL."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import psycopg2
from django.conf import settings
from django.db import connection
from django.db.models import F
from django.db.models.functions import Abs
from django.test import Client

from agencies import clock
from agencies.models import Post, User
from agencies.rules.duties import Position
from config.embedded import ROOT, database_url
from students.models import SchoolClass

HOME = os.environ.get("DATABASE_URL") or database_url(settings.VAR)
BACKEND = "agencies.backends.PostsBackend"
TYPICAL = 40  # pupils of a class


def url_of(name: str) -> str:
    return urlsplit(HOME)._replace(path=f"/{name}").geturl()


def ready(scale: float, *, full_year: bool) -> str:
    """The name of the database with the demonstration county of this size, seeded if need be."""
    year = ["--full-year"] if full_year else []
    name = f"bench_{scale:g}".replace(".", "_")
    return made(name, lambda draft: _manage(draft, "seed_demo", f"--scale={scale}", *year))


def made(name: str, fill: Callable[[str], None]) -> str:
    """The name of a database with the reference data and what `fill` puts in, made if need be."""
    if not _exists(name):
        draft = f"{name}_draft"  # an interrupted seeding never looks like a county
        _execute(f"DROP DATABASE IF EXISTS {draft}", f"CREATE DATABASE {draft}")
        _manage(draft, "migrate", "--verbosity=0")
        _manage(draft, "load_reference")
        fill(draft)
        with closing(psycopg2.connect(url_of(draft))) as home:
            home.autocommit = True
            home.cursor().execute("VACUUM ANALYZE")
        _execute(f"ALTER DATABASE {draft} RENAME TO {name}")
    return name


@contextmanager
def copy_of(name: str) -> Iterator[str]:
    """The name of a fresh copy of this database, dropped afterwards."""
    copy = f"{name}_copy"
    connection.close()
    drop = f"DROP DATABASE IF EXISTS {copy} WITH (FORCE)"
    _execute(drop, f"CREATE DATABASE {copy} TEMPLATE {name}")
    try:
        yield copy
    finally:
        _execute(drop)


def use(name: str) -> None:
    """From now on Django works with this database; connected when it returns."""
    if connection.settings_dict["NAME"] != name:
        connection.close()
        connection.settings_dict["NAME"] = name
    connection.ensure_connection()


def _exists(name: str) -> bool:
    with closing(psycopg2.connect(HOME)) as home, home.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _execute(*statements: str) -> None:
    with closing(psycopg2.connect(HOME)) as home:
        home.autocommit = True
        for statement in statements:
            home.cursor().execute(statement)


def _manage(database: str, *command: str) -> None:
    print(f"{database}: {' '.join(command)}", file=sys.stderr, flush=True)
    subprocess.run(  # noqa: S603 our own command
        [sys.executable, ROOT / "manage.py", *command],
        env={**os.environ, "DATABASE_URL": url_of(database)},
        stdout=subprocess.DEVNULL,
        check=True,
    )


# --- who is there ---------------------------------------------------------------------------


def client_of(user: User) -> Client:
    """A browser in which this person is logged in."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def holder(position: Position) -> User:
    """The first person in this position."""
    return holders(position)[0].user


def holders(position: Position) -> list[Post]:
    posts = Post.objects.held_on(clock.today()).filter(position=position)
    return list(posts.select_related("user", "agency__region").order_by("pk"))


def classes() -> list[tuple[SchoolClass, User]]:
    """The classes of the last school year with their teachers, those of about 40 pupils first."""
    day = clock.today()
    found = (
        SchoolClass.objects.of_year(day.year - 1)
        .with_pupils(day)
        .filter(pupils__gt=3)
        .annotate(off=Abs(F("pupils") - TYPICAL))
        .order_by("off", "pk")
    )
    teachers = User.objects.in_bulk(
        [pk for pk in found.values_list("teachers__post__user", flat=True) if pk]
    )
    pairs = found.values_list("pk", "teachers__post__user")
    user_of = {pk: teachers[user] for pk, user in pairs if user}
    return [(one, user_of[one.pk]) for one in found if one.pk in user_of]

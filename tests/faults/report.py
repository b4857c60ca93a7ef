"""What the fault tests have seen: var/faults.json, and the table of docs/reliability.md.

    FAULTS_JSON=var/faults.json pytest -m fault tests/faults
    python -m tests.faults.report var/faults.json

Only a whole run writes the file, so the table never mixes two of them.
"""

import json
import os
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- faults: begin -->", "<!-- faults: end -->"


@dataclass(frozen=True)
class Fault:
    """staged, criterion: the same words for every run. also: tests elsewhere that prove it too."""

    name: str
    staged: str
    criterion: str
    also: str = ""


FAULTS = {
    "F1": Fault(
        "a worker is killed in the middle of its work",
        "four processes at once on 20,000 duties; one of them gets SIGKILL or loses its backend "
        "every few milliseconds and is replaced; then the same for the outbox",
        "all due ones escalated, told and in the inbox once; the others untouched",
    ),
    "F3": Fault(
        "Redis is gone",
        "SIGKILL, later started again; long form: five minutes",
        "a page or a save at most 1.5 s longer; logins work; `tick` says what comes due; the worker "
        "goes on by itself after the return",
        "tests/config/test_unavailable.py",
    ),
    "F4": Fault(
        "Redis hangs",
        "SIGSTOP while a worker has a task, eight requests at once, SIGCONT",
        "no request over 6 s, no thread left blocked, the queue drains afterwards",
    ),
    "F5": Fault(
        "Redis is emptied",
        "FLUSHALL with tasks in the queue",
        "all work reappears from the rows; who is logged in stays so",
    ),
    "F6": Fault(
        "two beats, or none",
        "two beats and two workers; only `tick`; both beside one beat",
        "the same rows in the outbox",
        "tests/conventions/test_beat.py",
    ),
    "F7": Fault(
        "a backend of PostgreSQL is killed",
        "SIGKILL under load of pages and of writes through the API",
        "answers are right or 503; every acknowledged row is there; no restart of ours",
        "tests/config/test_unavailable.py",
    ),
    "F8": Fault(
        "all of PostgreSQL is killed",
        "SIGKILL for the postmaster and its children under writes, then started again",
        "every acknowledged row is there; what was not acknowledged, sent again with its key, is "
        "there once",
    ),
    "F9": Fault(
        "the connection breaks between COMMIT and its answer",
        "a relay lets the COMMIT through and cuts before the answer",
        "503; sent again with the same key: the first result, one row",
    ),
    "F10": Fault(
        "the clock jumps",
        "`tick`, and then PostgreSQL too, 40 h ahead and 1 h behind by faketime",
        "refused with status 1 and shown as a doubt; nothing said; `--trust-clock` goes on",
        "tests/agencies/rules/test_clock_guard.py",
    ),
    "F11": Fault(
        "everything is off for three days, over deadlines",
        "all servers stopped, moments of three days in the past, started",
        "one `tick` records every level in order and tells each once",
    ),
    "F12": Fault(
        "a form is sent twice",
        "2 and 20 requests at once with the same key",
        "one row, and every answer shows it",
        "tests/flows/test_concurrency.py",
    ),
    "F13": Fault(
        "two cadres change one case",
        "two people send forms that began from the same version",
        "one is stored; the other is told, and keeps what was typed",
        "tests/flows/test_concurrency.py",
    ),
    "F14": Fault(
        "two leaders decide at once",
        "approve and refuse a closure at the same moment",
        "one wins, the other is told; the history has one decision",
    ),
    "F15": Fault(
        "somebody uploads 200 MB",
        "200 MB to the API and to a form, with their length and in chunks without one",
        "413 before anything is read; memory grows by less than 50 MB; no temporary file stays",
        "tests/config/test_body_size.py",
    ),
    "F34": Fault(
        "a flood of tips from the public",
        "2,000 posts from 700 addresses, each with its proof of work; one proof sent by 20 threads "
        "at once",
        "no more rows than the limits of the day and of an address; the bureau's list asks the "
        "database as often as before and sets a page of it aside at once; one tip per proof",
        "tests/cases/services/test_tips.py",
    ),
}


@dataclass
class Sight:
    fault: str
    test: str
    seen: str


@dataclass
class Seen:
    """Of this run."""

    sights: list[Sight] = field(default_factory=list)

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        body = {"on": _today(), "sights": [asdict(one) for one in self.sights]}
        path.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", "utf-8")


SEEN = Seen()


@dataclass(frozen=True)
class Saw:
    test: str

    def __call__(self, fault: str, seen: str) -> None:
        assert fault in FAULTS
        SEEN.sights.append(Sight(fault, self.test, seen))

    def within(self, limit: float, seconds: float, what: str) -> None:
        """Seconds count in `make faults`, which has the machine to itself.

        Elsewhere it is enough that an answer came while the fault lasted.
        """
        if os.environ.get("REQUIRE_FAULTS"):
            assert seconds < limit, f"{what}: {seconds:.2f} s"


def table(on: str, sights: list[Sight]) -> str:
    """Markdown: a row for each fault, what each test of it saw on a line of its own."""
    lines = [
        f"Last run: {on}.",
        "",
        "| | fault | how it is staged | what has to hold | what was seen |",
    ]
    lines.append("|---|---|---|---|---|")
    for key, fault in FAULTS.items():
        seen = [one.seen for one in sights if one.fault == key]
        also = f" Also: `{fault.also}`." if fault.also else ""
        text = "<br>".join(seen) or "not run"
        lines.append(
            f"| {key} | {fault.name} | {fault.staged} | {fault.criterion}.{also} | {text} |"
        )
    return "\n".join(lines)


def main(source: Path) -> None:
    body = json.loads(source.read_text("utf-8"))
    text = PAGE.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    _old, _, after = rest.partition(END)
    rows = table(body["on"], [Sight(**one) for one in body["sights"]])
    PAGE.write_text(f"{before}{BEGIN}\n{rows}\n{END}{after}", "utf-8")
    print(rows)


def _today() -> str:
    return time.strftime("%Y-%m-%d")


def at_the_end(passed: bool) -> None:
    """Called when pytest ends."""
    if passed and (path := os.environ.get("FAULTS_JSON")):
        SEEN.write(Path(path))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

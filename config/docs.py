"""Writes the parts of docs/ that repeat the code: they stand between marks that name them.

python -m config.docs [--check]
"""

import argparse
import ast
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import django
from django.utils import translation

from agencies.errors import Reason
from agencies.rules.agency_duties import PARTIES, DutyKind, NumberUnit, When, party_words
from agencies.rules.clauses import built_in
from agencies.rules.duties import DUTIES, Position
from agencies.rules.notices import WAYS, Channel
from agencies.rules.obligations import KINDS, LADDER, Kind, ObligationKind, Party, Receiver
from agencies.rules.policy import CATALOGUE, Entry, Key
from agencies.rules.policy_words import WORDS, shown
from agencies.rules.profile import Clause, Profile
from cases.rules.acts import DUTY_OF, Deed
from cases.rules.endings import GROUNDS
from cases.rules.workflow import BACK, MOVES, OUT_OF_SCHOOL, Action, Facts, State, refusals, targets
from config.celery import BEATS
from config.embedded import ROOT
from reporting.rules.agency_duties import FEATURES

APPS = ("config", "reporting", "cases", "students", "agencies")
PART = re.compile(r"(?P<start><!-- (?P<name>\w+): [^>]*-->\n).*?(?P<end><!-- /(?P=name) -->)", re.S)
END = Reason("", "The end lacks its proof, or what it has to rest on (above).")
GONE = Reason("", "The child has died or has completed compulsory education.")
RETURN_DAY = Reason("", "The day lies ahead, is no school day, or the roll shows the child absent.")
# Facts with which every need of every action refuses.
WORST = Facts(
    follow_up_missing=20,
    same_person_asked=True,
    return_day_problem=RETURN_DAY,
    end=(END,),
    gone=(GONE,),
)
POSSIBLE = [(s, action) for s in State for action in Action if s in MOVES[action].sources]


def table(head: str, rows: Iterable[Iterable[object]]) -> str:
    """head: names of the columns, separated by commas."""
    names = [name.strip() for name in head.split(",")]
    lines = [names, ["---"] * len(names), *([str(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def states() -> str:
    groups = {**dict.fromkeys(OUT_OF_SCHOOL, "out of school"), **dict.fromkeys(BACK, "back")}
    rows = ((f"`{state}`", state.label, groups.get(state, "ended")) for state in State)
    return table("state, words, group", rows)


def diagram() -> str:
    moves = [(s, after, action) for s, action in POSSIBLE for after in targets(s, action)]
    arrows = [f"    {a} --> {b}: {action}" for a, b, action in moves if a is not b]
    return "\n".join(["```mermaid", "stateDiagram-v2", *arrows, "```"])


def may(acts: Iterable[Action | Deed]) -> str:
    def row(act: Action | Deed) -> tuple[str, ...]:
        duty = DUTY_OF[act]
        positions = [f"`{position}`" for position, duties in DUTIES.items() if duty in duties]
        return f"`{act}`", str(act.label), f"`{duty}`", ", ".join(positions)

    return table("act, words, duty, positions that carry it", map(row, acts))


def actions() -> str:
    return may(Action)


def deeds() -> str:
    return may(Deed)


def endings() -> str:
    rows = ((f"`{e}`", e.label, ground.words, ground.clause) for e, ground in GROUNDS.items())
    return table("ending, words, ground, clause", rows)


def moves() -> str:
    rows = (
        (
            f"`{s}`",
            f"`{a}`",
            " ".join(f"`{after}`" for after in targets(s, a)),
            " ".join(str(r.text) for r in refusals(s, a, WORST)),
        )
        for s, a in POSSIBLE
    )
    return table("state, action, leads to, may be refused because", rows)


def profiles() -> str:
    head = "name, county, document, in_force_from"
    return table(head, ([getattr(one, part) for part in head.split(", ")] for one in built_in()))


def clauses_of(profile: Profile) -> str:
    """Clause, who owes it, what serves it, what proves that it was done, which tests show it."""

    def row(one: Clause) -> tuple[str, ...]:
        routes = ", ".join(f"`{route}`" for route in one.features)
        proof = ", ".join(f"`{word}`" for word in (*one.obligations, *one.evidence))
        tests = ", ".join(f"`{test}`" for test in one.tests)
        owes = ", ".join(one.owed_by) or f"context: {one.context}"
        return one.id, one.place, one.en, owes, routes or "—", proof or "—", tests or "—"

    return table("id, place, asks, who owes, pages, proof, tests", map(row, profile.clauses))


def clauses_wencheng() -> str:
    return clauses_of(next(one for one in built_in() if one.name == "wencheng-2019"))


def clauses_qinshui() -> str:
    return clauses_of(next(one for one in built_in() if one.name == "qinshui-2020"))


def duty_words() -> str:
    """The words that a profile may use."""
    lists: dict[str, Iterable[object]] = {
        "kind": (f"`{one}` {one.label}" for one in DutyKind),
        "owed_by, owed_to": (f"`{one}` {party_words(one)}" for one in sorted(PARTIES)),
        "when": (f"`{one}` {one.label}" for one in When),
        "unit of a number": (f"`{one}`" for one in NumberUnit),
        "obligations": (f"`{one}`" for one in ObligationKind),
        "features": (f"`{route}` {words}" for route, words in FEATURES.items()),
    }
    return table("key, words", ((f"{key}", "; ".join(map(str, w))) for key, w in lists.items()))


def policy() -> str:
    own = {p.name: {row["key"]: f"**{row['value']}**" for row in p.values} for p in built_in()}
    rows = []
    for key, name in WORDS.items():
        entry = CATALOGUE[key]
        fixed = (f"`{key}`", name, entry.unit, allowed(entry), entry.source, entry.clause)
        default = f"{shown(entry.default)} (national default)"
        rows.append((*fixed, *(values.get(key, default) for values in own.values())))
    head = "key, words, unit, allowed, source of the default, clause"
    return table(", ".join([head, *own]), rows)


def allowed(entry: Entry) -> str:
    if isinstance(entry.default, int):
        return f"{entry.low} to {entry.high}"
    return ", ".join(map(shown, entry.choices)) or f"like {entry.default or '3,1'}"


def counted(kind: Kind) -> str:
    """How long the period of a kind is, and in what it is counted, by the national default."""
    if kind.days is None:
        return "the last day comes with the matter"
    length = f"`{kind.days}`: {CATALOGUE[kind.days].default}"
    if isinstance(kind.unit, Key):
        return f"{length}, `{kind.unit}`: {shown(CATALOGUE[kind.unit].default)}"
    return f"{length}, {shown(kind.unit)}"


def steps(key: Key) -> str:
    return f"`{key}`: {shown(CATALOGUE[key].default)}"


def obligations() -> str:
    head = "kind, words, who owes, to whom, the clock starts, length, reminders, met by, clause"
    rows = (
        (
            f"`{name}`",
            name.label,
            kind.owes,
            kind.owed_to,
            kind.starts,
            counted(kind),
            steps(kind.remind),
            kind.evidence,
            kind.clause,
        )
        for name, kind in KINDS.items()
    )
    return table(head, rows)


def ladder() -> str:
    """Who is told at each level; the days of the rungs are one policy key for all kinds."""
    days = ["before the last day", *str(CATALOGUE[Key.LADDER_DAYS].default).split(",")]

    def told(party: Party, who: Iterable[Receiver]) -> str:
        found = frozenset().union(*(one.positions for one in who if one.party is party))
        return ", ".join(f"`{p}`" for p in Position if p in found) or "nobody"

    rows = (
        (
            level,
            when if level == 0 else f"{when} working days after it",
            *(told(p, who) for p in Party),
        )
        for (level, who), when in zip(LADDER.items(), days, strict=True)
    )
    return table("level, when (by default), of the body that owes, of the body it is owed to", rows)


def notices() -> str:
    def listed(channels: Iterable[Channel]) -> str:
        return ", ".join(f"`{c}`" for c in Channel if c in channels) or "none"

    rows = (
        (f"`{kind}`", kind.label, way.group.label, listed(way.on), listed(way.fixed & way.on))
        for kind, way in WAYS.items()
    )
    return table("kind, words, group, channels, cannot be switched off", rows)


def beats() -> str:
    return table("task, every, why", ((f"`{b.task}`", f"{b.seconds} s", b.why) for b in BEATS))


def tree() -> str:
    """Every module that says what it is for, with the first sentence of its docstring."""
    lines = []
    for app in APPS:
        for file in sorted((ROOT / app).rglob("*.py"), key=lambda file: (file.parent, file.name)):
            where, text = file.relative_to(ROOT).parts, purpose(file)
            if file.name == "__init__.py":
                where = (*where[:-2], f"{where[-2]}/")
            elif not text:
                continue
            if "migrations" not in file.parts:
                lines.append(f"{'  ' * (len(where) - 1) + where[-1]:<34}{text}".rstrip())
    return "\n".join(["```", *lines, "```"])


def purpose(file: Path) -> str:
    text = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split()).split(". ")[0].rstrip(".")


PARTS = (
    states, diagram, actions, deeds, endings, moves,
    profiles, clauses_wencheng, clauses_qinshui, duty_words, policy, obligations, ladder, notices,
    beats, tree,
)  # fmt: skip


def stale() -> dict[Path, str]:
    """The pages that are not as they should be, with the text that they should have."""
    with translation.override(None):  # the words of the code, not their translation
        texts = {part.__name__: part() for part in PARTS}
    found = {}
    for page in sorted((ROOT / "docs").glob("*.md")):
        before = page.read_text("utf-8")
        after = PART.sub(lambda m: f"{m['start']}{texts[m['name']]}\n{m['end']}", before)
        if after != before:
            found[page] = after
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m config.docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail if stale")
    check = parser.parse_args().check
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    django.setup()
    found = stale()
    for page, text in found.items():
        print(f"{page.relative_to(ROOT)}: {'stale, run `make docs`' if check else 'written'}")
        if not check:
            page.write_text(text, "utf-8")
    return int(check and bool(found))


if __name__ == "__main__":
    sys.exit(main())

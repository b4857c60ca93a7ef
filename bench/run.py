"""Runs the scenarios and prints one table. See bench/README.md.

python -m bench.run [--scale 12] [--smoke] [--only NAME ...] [--json FILE]
"""

import argparse
import json
import math
import statistics
import tomllib
from pathlib import Path
from typing import Any

from bench import county
from bench.measure import Measured, Size
from bench.scenarios import SCENARIOS

BUDGETS = tomllib.loads((Path(__file__).parent / "budgets.toml").read_text("utf-8"))
SMOKE = Size(scale=0.2, rounds=2, rows=2000)
COLUMNS = (
    "scenario", "median", "p95", "queries", "MiB", "floor median", "ratio", "goal", "met",
)  # fmt: skip


def p95(samples: list[float]) -> float:
    return sorted(samples)[math.ceil(0.95 * len(samples)) - 1]


def line(name: str, found: Measured) -> dict[str, Any]:
    """What a scenario has shown, against its budget. met: None when it has no goal."""
    budget = BUDGETS[name]
    of = p95 if budget.get("of") == "p95" else statistics.median
    ratio = of(found.ours) / of(found.floor)
    median = statistics.median(found.ours)
    pairs = [(ratio, "goal"), (median, "most"), (found.queries, "queries"), (found.mib, "mib")]
    kept = [value <= budget[key] for value, key in pairs if value is not None and key in budget]
    return {
        "scenario": name,
        "label": budget["label"],
        "unit": found.unit,
        "rounds": len(found.ours),
        "median": median,
        "p95": p95(found.ours),
        "queries": found.queries,
        "mib": found.mib,
        "floor_median": statistics.median(found.floor),
        "floor_p95": p95(found.floor),
        "ratio": ratio,
        "of": budget.get("of", "median"),
        "goal": budget.get("goal"),
        "most": budget.get("most"),
        "met": all(kept) if kept else None,
    }


def cells(one: dict[str, Any]) -> list[str]:
    unit = one["unit"]
    ratio = f"{one['ratio']:.2f}" + (" (p95)" if one["of"] == "p95" else "")
    return [
        one["label"],
        f"{one['median']:,.1f} {unit}",
        f"{one['p95']:,.1f}",
        "" if one["queries"] is None else str(one["queries"]),
        "" if one["mib"] is None else f"{one['mib']:.0f}",
        f"{one['floor_median']:,.1f}",
        ratio,
        "".join(
            f"≤ {one[key]:g}{after}"
            for key, after in (("goal", ""), ("most", f" {unit}"))
            if one[key] is not None
        ),
        {True: "yes", False: "no", None: ""}[one["met"]],
    ]


def table(lines: list[dict[str, Any]]) -> str:
    """Markdown, with columns that also line up on a terminal."""
    rows = [list(COLUMNS), *(cells(one) for one in lines)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(COLUMNS))]
    rows.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.run", description=__doc__)
    parser.add_argument("--scale", type=float, default=12, help="1: 3,000 pupils; 12: 35,000")
    parser.add_argument("--smoke", action="store_true", help="tiny: only whether all of it runs")
    parser.add_argument("--only", nargs="+", choices=SCENARIOS, default=list(SCENARIOS))
    parser.add_argument("--json", type=Path, help="the same figures as a file")
    options = parser.parse_args()
    size = SMOKE if options.smoke else Size(scale=options.scale)
    name = county.ready(size.scale, full_year=True)
    lines = []
    for scenario in options.only:
        county.use(name)
        rounds = min(size.rounds, BUDGETS[scenario]["rounds"])
        found = SCENARIOS[scenario](size, rounds)
        lines += [line(key, measured) for key, measured in found.items()]
    order = list(BUDGETS)
    lines.sort(key=lambda one: order.index(one["scenario"]))
    print(table(lines))
    if options.smoke:
        print("A tiny county: every scenario runs, and the figures mean nothing.")
    if options.json:
        options.json.write_text(json.dumps(lines, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()

"""The region of a home, found by the names of villages and townships in an address."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from agencies.models import Region
from agencies.rules.region_code import Level

SUFFIXES = ("村民委员会", "居民委员会", "社区居委会", "村委会", "居委会")


@dataclass(frozen=True)
class Homes:
    """Names of one county, longest first."""

    townships: list[tuple[str, int, str]]
    villages: dict[str, list[tuple[str, int]]]
    anywhere: list[tuple[str, int]]

    def find(self, address: str) -> int | None:
        """The village under the township that the address names, else a village whose name is
        the only one of its kind, else the township; None when nothing is named.
        """
        for name, pk, path in self.townships:
            if name in address:
                rest = address.replace(name, " ", 1)
                return _first(rest, self.villages.get(path, ())) or pk
        return _first(address, self.anywhere)


def _first(address: str, names: Iterable[tuple[str, int]]) -> int | None:
    return next((pk for name, pk in names if name in address), None)


def homes(county_id: int, day: date) -> Homes:
    """All names of the county, in one query."""
    townships = []
    villages: dict[str, list[tuple[str, int]]] = defaultdict(list)
    pks_of: dict[str, list[int]] = defaultdict(list)
    rows = Region.objects.on(day).filter(county_id=county_id)
    for pk, name, level, path in rows.values_list("pk", "name", "level", "path"):
        if level == Level.TOWNSHIP:
            townships.append((name, pk, path))
        elif level == Level.VILLAGE:
            for spelling in _spellings(name):
                villages[path[:9]].append((spelling, pk))
                pks_of[spelling].append(pk)
    for names in villages.values():
        names.sort(key=lambda one: -len(one[0]))
    townships.sort(key=lambda one: -len(one[0]))
    only = [(name, pks[0]) for name, pks in pks_of.items() if len(pks) == 1 and len(name) > 2]
    return Homes(townships, dict(villages), sorted(only, key=lambda one: -len(one[0])))


def _spellings(name: str) -> set[str]:
    """As listed, and as people write it: 珊门村民委员会 is also 珊门村."""
    for suffix in SUFFIXES:
        if name.endswith(suffix):
            stem = name.removesuffix(suffix)
            kind = "社区" if suffix.startswith(("居", "社区")) else "村"
            return {name, stem if stem.endswith(("村", "社区")) else stem + kind}
    return {name}

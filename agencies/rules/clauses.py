"""Where a clause stands: the ids that code and API cite, and the place in the county's document.

Read once from the profiles that come with the product (data/profiles/*.toml).
"""

from functools import cache
from pathlib import Path

from agencies.rules.profile import Clause, Profile, read

FOLDER = Path(__file__).parents[1] / "data" / "profiles"


@cache
def built_in() -> tuple[Profile, ...]:
    """The profiles of the product, by name. Raises ProfileRefused for a file that is wrong."""
    files = sorted(FOLDER.glob("*.toml"))
    return tuple(read(file.read_text("utf-8"), file.name) for file in files)


@cache
def _places() -> dict[str, str]:
    return {
        clause.id: f"{profile.document} {clause.place}"
        for profile in built_in()
        for clause in profile.clauses
    }


def clauses() -> dict[str, Clause]:
    """Every clause of the product's profiles by its id."""
    return {clause.id: clause for profile in built_in() for clause in profile.clauses}


def citation(clause: str) -> str:
    """文政办发〔2019〕26号 三(二); an id that is not known stands for itself."""
    return _places().get(clause, clause)

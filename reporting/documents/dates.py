"""The day of a document, from what it says itself."""

import re
from datetime import UTC, datetime

from reporting.documents.paper import Paper

DAY = re.compile(r"((?:19|20)\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})", re.ASCII)
UNDATED = datetime(1980, 1, 1, tzinfo=UTC)


def dated(paper: Paper) -> datetime:
    """The day that the paper itself states, for the properties of files; 1980-01-01 without one.

    So rendering needs no clock, and the same facts always give the same file.
    """
    signed = paper.signature.at if paper.signature else ""
    for found in DAY.finditer(f"{signed} {paper.as_of}"):
        year, month, day = map(int, found.groups())
        try:
            return datetime(year, month, day, tzinfo=UTC)
        except ValueError:
            continue
    return UNDATED

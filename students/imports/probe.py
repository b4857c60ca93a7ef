"""Opens an .xls workbook in a process of its own: a lying header can end the process that reads it.

Run as a program with the path of the file. Exit status 0: it can be read here and elsewhere.
"""

import resource
import sys
from pathlib import Path

from python_calamine import CalamineWorkbook, PasswordError

MOST_MEMORY = 2 * 1024**3
MOST_SECONDS = 60
PASSWORD = 3


def main(path: Path) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    try:
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
            for name in book.sheet_names:
                book.get_sheet_by_name(name)
    except PasswordError:
        return PASSWORD
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

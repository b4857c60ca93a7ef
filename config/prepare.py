"""Everything between an empty database and a usable product, in one Python process for speed.

python -m config.prepare [--demo | --texts]
"""

import argparse
import hashlib
import io
import os
from pathlib import Path

import django
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from config.embedded import ROOT, var_folder


def compile_texts() -> None:
    """locale/*/LC_MESSAGES/*.po to .mo, without gettext having to be installed."""
    for source in ROOT.glob("locale/*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        draft = target.with_suffix(".mo.new")  # readers never see half a file
        with source.open("rb") as texts, draft.open("wb") as compiled:
            write_mo(compiled, read_po(texts))
        draft.replace(target)


def collect_static() -> None:
    """Compressing takes seconds, so only when a file has changed since the last time."""
    state = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(["*.mjs"]):
            found = Path(storage.path(path)).stat()
            state.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if not stamp.exists() or stamp.read_text() != state.hexdigest():
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["*.mjs"])
        stamp.write_text(state.hexdigest())


def prepare(demo: bool) -> None:
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_reference")
    if demo:
        call_command("seed_demo", "--if-empty", "--accounts-file", var_folder() / "accounts.json")
        call_command("tick", "--json", stdout=io.StringIO())  # what is due now is there at once
        collect_static()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m config.prepare", description=__doc__)
    parser.add_argument("--demo", action="store_true", help="the demonstration county as well")
    parser.add_argument("--texts", action="store_true", help="only the translations")
    options = parser.parse_args()
    compile_texts()
    if not options.texts:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
        django.setup()
        prepare(options.demo)


if __name__ == "__main__":
    main()

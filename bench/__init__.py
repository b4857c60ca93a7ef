"""How quick the product is, beside plain SQL and bare pages of the same results.

Importing this package sets Django up: with the settings of the tests (no debugging), on the
evening of the last school day of a year.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
os.environ.setdefault("NOW", "2026-07-03T18:00:00+08:00")
django.setup()

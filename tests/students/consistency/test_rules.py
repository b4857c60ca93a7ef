"""The catalogue of what does not fit is complete."""

from reporting.queries.records_sql import STATEMENTS
from reporting.rules.records import EVIDENCE, WHAT_TO_DO, Evidence, FindingKind


def test_every_kind_says_what_to_do_and_has_a_statement():
    assert set(WHAT_TO_DO) == set(STATEMENTS) == set(FindingKind)


def test_every_evidence_has_words_and_is_used():
    assert set(EVIDENCE) == set(Evidence)
    whole = " ".join(STATEMENTS.values())
    assert [one for one in Evidence if f"'{one}'" not in whole] == []

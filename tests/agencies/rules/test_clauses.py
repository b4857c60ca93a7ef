"""Every clause that a policy value cites can be shown to a lawyer."""

from agencies.rules.clauses import citation, clauses
from agencies.rules.obligations import KINDS
from agencies.rules.policy import CATALOGUE


def test_every_cited_clause_has_its_place():
    assert {entry.clause for entry in CATALOGUE.values()} <= {"", *clauses()}
    assert {kind.clause for kind in KINDS.values()} <= set(clauses())
    assert citation("S1-58") == "文政办发〔2019〕26号 三(二)"
    assert citation("") == ""

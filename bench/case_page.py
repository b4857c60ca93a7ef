"""The page of one case with 300 entries in its history, beside that of the same case with 3."""

from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.urls import reverse

from agencies import clock
from agencies.rules.duties import Position
from bench import county
from bench.measure import Found, Measured, Size, get, in_turn, statements
from cases.models import Case, CaseEvent, Visit

FEW, MANY = 3, 300


@transaction.atomic
def case_page(size: Size, rounds: int) -> Found:
    """Both pages belong to cases that are alike; nothing of it stays."""
    leader = county.holders(Position.BUREAU_LEADER)[0]
    client = county.client_of(leader.user)
    short, long = Case.objects.open().order_by("pk")[:2]
    for case, wanted in ((short, FEW), (long, MANY)):
        _fill(case, wanted, leader.pk)
    urls = [reverse("case", args=(case.public_id,)) for case in (short, long)]
    found = Measured(queries=statements(lambda _: get(client, urls[1]), 0))
    found.ours, found.floor = in_turn(
        rounds, lambda _: get(client, urls[1]), lambda _: get(client, urls[0])
    )
    transaction.set_rollback(True)
    return {"case_page": found}


def _fill(case: Case, wanted: int, post: int) -> None:
    """Visits until the history has so many entries; what was there counts."""
    there = Visit.objects.filter(case=case).count() + CaseEvent.objects.filter(case=case).count()
    now = clock.now()
    Visit.objects.bulk_create(
        Visit(
            case=case, episode=1, client_id=uuid4(), at=now - timedelta(hours=nth),
            recorded_at=now, recorded_by_id=post, place="home", reached="guardian",
            outcome="promised", note="家长答应下周送孩子回校，约定周三再来",
        )
        for nth in range(wanted - there)
    )  # fmt: skip

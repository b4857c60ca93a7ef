"""Visits and contacts: what they meet, siblings, photos, agreed days that were missed."""

import io
import uuid
from datetime import date

import pytest
from PIL import Image

from agencies.documents import pictures
from agencies.errors import NotPermitted, NotPossible, NotVisible, RuleBroken
from agencies.models import Obligation, StoredFile
from cases.models import Case, Visit, VisitPhoto
from cases.queries.timeline import timeline
from cases.rules.workflow import Action
from cases.services import actions, opening, visit_photos, visits
from cases.services.actions import Order
from cases.services.opening import ByHand
from cases.services.visits import CountsFor, Report
from tests.support.rolls import at
from tests.support.world import World, pupil

TODAY = date(2026, 10, 12)


def open_case(world: World, student, role: str = "township_cadre") -> Case:
    why = ByHand("reported", date(2026, 10, 9), "not seen")
    return opening.open_by_hand(world.scope(role), student, why, at(TODAY, 8))


@pytest.fixture
def home(world: World) -> list[Case]:
    """Two children of one household, in two schools, both confirmed dropouts."""
    first = world.pupils[0]
    second = pupil(world.second_class, "张梓萱", world.village, household=first.household)
    cases = [open_case(world, one) for one in (first, second)]
    for case in cases:
        actions.act(
            world.scope("township_cadre"),
            case.public_id,
            Action.CONFIRM,
            Order(TODAY),
            at(TODAY, 8),
        )
    return cases


def report(outcome: str = "promised", **more: object) -> Report:
    given = {"client_id": uuid.uuid4(), "at": at(TODAY, 9), "place": "home", "reached": "guardian"}
    return Report(**{**given, "outcome": outcome, **more})


def photo(colour: str = "red") -> pictures.Photo:
    made = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(made, "JPEG")
    return pictures.photo(made.getvalue(), "/photos/0")


def owed(case: Case) -> list[tuple[str, date]]:
    rows = Obligation.objects.open().filter(kind="case_visit", subject=case.number)
    return [(row.kind, row.due_on) for row in rows.order_by("due_on")]


def lines(case: Case, now) -> list:
    case.refresh_from_db()
    rows = Obligation.objects.filter(pk__in=case.obligations.values("obligation"))
    return timeline(case, [], rows.select_related("owed_by"), now)


def test_one_visit_counts_for_each_child_it_is_said_to_count_for(world, home):
    here, there = home
    sent = report(
        "promised", counts_for=[CountsFor(there.public_id, "refused")], note="两个孩子都在家"
    )
    made = visits.record(world.scope("village_cadre"), here.public_id, sent, at(TODAY, 10))
    again = visits.record(world.scope("village_cadre"), here.public_id, sent, at(TODAY, 11))
    assert again == made
    (other,) = made.counted_as.all()
    assert (other.case, other.outcome, other.note) == (there, "refused", "两个孩子都在家")
    assert Visit.objects.count() == 2
    for case in home:
        case.refresh_from_db()
        assert case.state == "persuading"
        met = Obligation.objects.get(kind="case_visit", subject=case.number, met_at__isnull=False)
        assert met.met_at == at(TODAY, 10)
        assert len(owed(case)) == 1  # the next one, for each child
    assert any(here.number in line.detail for line in lines(there, at(TODAY, 12)))


def test_a_visit_that_is_not_said_to_count_leaves_the_sibling_alone(world, home):
    here, there = home
    before = owed(there)
    visits.record(world.scope("village_cadre"), here.public_id, report(), at(TODAY, 10))
    there.refresh_from_db()
    assert (there.state, owed(there)) == ("confirmed", before)


@pytest.mark.parametrize("who", ["stranger", "closed", "twice", "unknown", "self"])
def test_a_case_for_which_it_cannot_count_is_named_and_nothing_is_stored(world, home, who):
    here, there = home
    outcome = CountsFor(there.public_id, "promised")
    wrong, pointer = {
        "stranger": ([CountsFor(open_case(world, world.pupils[3]).public_id, "promised")], 0),
        "closed": ([outcome], 0),
        "twice": ([outcome, outcome], 1),
        "unknown": ([outcome, CountsFor(uuid.uuid4(), "promised")], 1),
        "self": ([CountsFor(here.public_id, "promised")], 0),
    }[who]
    if who == "closed":
        Case.objects.filter(pk=there.pk).update(state="closed")
    with pytest.raises(RuleBroken) as refused:
        visits.record(
            world.scope("village_cadre"), here.public_id, report(counts_for=wrong), at(TODAY, 10)
        )
    (reason,) = refused.value.reasons
    assert reason.pointer == f"/for/{pointer}/case"
    assert not Visit.objects.exists()


def test_who_does_not_see_the_sibling_cannot_report_on_it(world, home):
    """The second teacher of a school that is not in the team sees only the own child."""
    here, there = home
    sent = report(counts_for=[CountsFor(here.public_id, "promised")])
    with pytest.raises(NotVisible):
        visits.record(world.scope("other_teacher"), there.public_id, sent, at(TODAY, 10))


@pytest.mark.parametrize(
    ("place", "outcome", "next_on", "met", "then"),
    [
        ("home", "promised", None, True, [date(2026, 10, 19)]),
        ("elsewhere", "refused", date(2026, 10, 14), True, [date(2026, 10, 14)]),
        ("phone", "promised", None, False, [date(2026, 10, 14)]),
        (
            "message",
            "promised",
            date(2026, 10, 13),
            False,
            [date(2026, 10, 13), date(2026, 10, 14)],
        ),
        ("school", "found_at_school", None, True, []),
        ("phone", "found_at_school", None, True, []),
        ("school", "found_at_school", date(2026, 10, 20), True, [date(2026, 10, 20)]),
    ],
)
def test_what_a_contact_meets_and_what_is_owed_next(
    world, home, place, outcome, next_on, met, then
):
    (case, _other) = home
    sent = report(outcome, place=place, next_on=next_on)
    visits.record(world.scope("village_cadre"), case.public_id, sent, at(TODAY, 10))
    was_met = Obligation.objects.filter(
        kind="case_visit", subject=case.number, met_at__isnull=False
    ).exists()
    assert was_met is met
    days = [due_on for _kind, due_on in owed(case)]
    assert days == then


def test_an_agreed_day_that_was_missed_stands_in_the_timeline(world, home, clock):
    (case, _other) = home
    sent = report(next_on=date(2026, 10, 14))
    visits.record(world.scope("village_cadre"), case.public_id, sent, at(TODAY, 10))
    assert not any(line.missing for line in lines(case, at(date(2026, 10, 14), 23)))
    missed = [line for line in lines(case, at(date(2026, 10, 15), 1)) if line.missing]
    assert [line.at.date() for line in missed if "visit" in line.title] != []


def test_an_agreed_day_after_the_return_is_owed_too(world, home):
    (case, _other) = home
    Case.objects.filter(pk=case.pk).update(state="returned")
    Obligation.objects.open().filter(subject=case.number).update(met_at=at(TODAY, 8), late=False)
    visits.record(world.scope("teacher"), case.public_id, report("other"), at(TODAY, 10))
    assert owed(case) == []
    sent = report("other", next_on=date(2026, 10, 21))
    visits.record(world.scope("teacher"), case.public_id, sent, at(TODAY, 11))
    assert owed(case) == [("case_visit", date(2026, 10, 21))]


def test_photos_are_kept_once_and_seen_in_the_timeline(world, home):
    (case, _other) = home
    scope = world.scope("village_cadre")
    sent = report(photos=[photo(), photo(), photo("blue")])
    made = visits.record(scope, case.public_id, sent, at(TODAY, 10))
    assert made.photos.count() == 2
    visits.record(scope, case.public_id, sent, at(TODAY, 10))
    visits.add_photos(scope, case.public_id, made.public_id, [photo("blue")], at(TODAY, 11))
    assert (VisitPhoto.objects.count(), StoredFile.objects.count()) == (2, 4)
    visits.add_photos(scope, case.public_id, made.public_id, [photo("green")], at(TODAY, 11))
    (line,) = [line for line in lines(case, at(TODAY, 12)) if line.kind == "visit"]
    wanted = made.photos.order_by("pk").values_list("file__public_id", "thumbnail__public_id")
    assert [(one.file, one.small) for one in line.pictures] == [
        (str(file), str(small)) for file, small in wanted
    ]
    assert {row.media_type for row in StoredFile.objects.all()} == {"image/jpeg"}
    assert not any("张" in row.name for row in StoredFile.objects.all())


def test_a_visit_has_at_most_nine_photos(world, home):
    (case, _other) = home
    scope = world.scope("village_cadre")
    nine = [photo(f"#{n}0{n}0{n}0") for n in range(9)]
    made = visits.record(scope, case.public_id, report(photos=nine), at(TODAY, 10))
    with pytest.raises(RuleBroken) as refused:
        visits.add_photos(scope, case.public_id, made.public_id, [photo("white")], at(TODAY, 11))
    assert [reason.code for reason in refused.value.reasons] == ["too_many"]
    with pytest.raises(RuleBroken):
        visit_photos.taken([io.BytesIO(b"x")] * 10)
    assert made.photos.count() == 9


class Sent(io.BytesIO):
    def __init__(self, data: bytes, name: str) -> None:
        super().__init__(data)
        self.name = name


def test_each_bad_photo_is_named():
    good = io.BytesIO()
    Image.new("RGB", (40, 30)).save(good, "PNG")
    files = [
        Sent(b"MZ" + bytes(90), "virus.jpg"),
        Sent(good.getvalue(), "good.png"),
        Sent(b"<svg/>", "x.svg"),
    ]
    with pytest.raises(RuleBroken) as refused:
        visit_photos.taken(files)
    assert [(r.code, r.pointer) for r in refused.value.reasons] == [
        ("program", "/photos/0"),
        ("page", "/photos/2"),
    ]
    assert "Photo 1 (virus.jpg)" in str(refused.value.reasons[0].text)


def test_photos_come_from_who_was_there_while_the_case_is_open(world, home):
    (case, _other) = home
    present = [world.posts["township_leader"].public_id]
    made = visits.record(
        world.scope("village_cadre"), case.public_id, report(present=present), at(TODAY, 10)
    )

    def add(role: str, visit_id: object = made.public_id) -> None:
        visits.add_photos(world.scope(role), case.public_id, visit_id, [photo()], at(TODAY, 11))

    add("township_leader")
    add("village_cadre")
    with pytest.raises(NotPermitted):
        add("township_cadre")
    with pytest.raises(NotVisible):
        add("other_cadre")
    with pytest.raises(NotVisible):
        add("village_cadre", uuid.uuid4())
    Case.objects.filter(pk=case.pk).update(state="closed")
    with pytest.raises(NotPossible):
        add("village_cadre")


def test_back_and_send_again_is_no_second_visit(world, home):
    """The page that "back" loads anew has a new client id, and the browser fills in the words."""
    here, there = home
    scope, now = world.scope("village_cadre"), at(TODAY, 10)
    visits.record(scope, here.public_id, report(note="奶奶在家"), now)
    for again in (report(note="奶奶在家"),
                  report(note="奶奶在家", counts_for=[CountsFor(there.public_id, "refused")])):  # fmt: skip
        with pytest.raises(RuleBroken) as refused:
            visits.record(scope, here.public_id, again, now)
        assert [reason.code for reason in refused.value.reasons] == ["same"]
    assert Visit.objects.count() == 1
    others = (
        report(note="又去了一次"),
        report("refused", note="奶奶在家"),
        report(note="奶奶在家", place="phone"),
        report(note="奶奶在家", reached="relative"),
        report(note="奶奶在家", at=at(TODAY, 10)),
    )
    for other in others:
        visits.record(scope, here.public_id, other, now)
    visits.record(scope, there.public_id, report(note="奶奶在家"), now)
    assert Visit.objects.count() == 7

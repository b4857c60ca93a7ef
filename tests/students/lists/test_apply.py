"""Applying a list: every row a child of ours or nobody, all of it or nothing."""

from datetime import date

import pytest

from agencies.errors import NotPossible, NotVisible
from agencies.models import AuditEvent
from students.imports.run import run_waiting
from students.models import FocusTag, Household, PersonEntry, PersonList, Student
from students.queries.person_lists import found_counts, rows, shown
from students.rules.focus import FocusGroup
from students.services import focus, list_children, person_lists
from students.services.focus import Given
from tests.support.lists import AS_OF, applied, apply, of_child, person, send
from tests.support.rosters import NOW
from tests.support.world import id_number

LATER = date(2026, 10, 10)


def home(world, **more) -> dict[str, object]:
    return {"户籍地址": f"{world.township.name}{world.village.name}3号", "户主": "林大山"} | more


def test_a_child_that_nobody_knew_is_entered_without_a_school(world):
    away = "广东省东莞市厚街镇1号"
    batch = applied(world, [person("林小满", 902, **home(world, 现住址=away))])
    child = Student.objects.get(name="林小满")
    assert (child.known_since, child.sex, child.id_number) == (AS_OF, "2", id_number(902))
    assert child.registered_at == home(world)["户籍地址"]
    assert (child.household.address, child.household.region) == (away, world.village)
    assert " linxiaoman" in child.name_keys
    adult = child.guardians.get()
    assert (adult.name, adult.relation, adult.is_guardian) == ("林大山", "户主", False)
    assert not child.enrollments.exists()
    entry = batch.entries.get()
    assert (entry.student, entry.found, entry.result) == (child, "entered", "")
    assert (batch.state, batch.confirmed_by, batch.applied_at) == (
        "applied", world.posts["bureau_staff"], NOW,
    )  # fmt: skip
    verbs = AuditEvent.objects.filter(subject=f"list:{batch.public_id}").values_list("verb")
    assert sorted(verb for (verb,) in verbs) == ["list.confirm", "list.upload"]


def test_who_is_enrolled_here_is_in_school_and_nobody_is_entered_twice(world):
    child = world.pupils[0]
    before = Student.objects.count()
    batch = applied(world, [of_child(child, 户籍地址="珊门村1号")])
    entry = batch.entries.get()
    assert (entry.student, entry.found, entry.result) == (child, "by_number", "in_school")
    assert (entry.checked_at, entry.checked_by) == (NOW, None)
    assert Student.objects.count() == before
    child.refresh_from_db()
    assert child.registered_at == "珊门村1号"


def test_a_child_of_ours_without_a_school_stays_to_be_checked(world):
    child = world.pupils[0]
    child.enrollments.update(ends_on=date(2026, 10, 1))
    assert applied(world, [of_child(child)]).entries.get().result == ""


def test_a_place_that_nobody_finds_falls_to_the_place_of_the_provider(world):
    batch = applied(world, [person("林小满", 902, 户籍地址="不知何处")])
    assert batch.counts["no_place"] == 1
    assert [one.name for one in rows(batch, "no_place")] == ["林小满"]
    assert Student.objects.get(name="林小满").household.region == batch.provider.region


def test_siblings_share_a_household_only_when_that_is_certain(world):
    known = world.pupils[0]
    here = home(world)
    applied(
        world,
        [
            of_child(known, **here),
            person("林小满", 902, **here),  # of the known child
            person("林小雨", 904, **here | {"户主": "林二"}),  # of another family there
            person("林小雪", 906, **here | {"户主": "林二"}),
            person("林小风", 908, **here | {"户主": ""}),  # nobody says
            person("林小云", 910, **here | {"户主": ""}),
        ],
    )
    homes = dict(Student.objects.values_list("name", "household"))
    assert homes["林小满"] == homes[known.name]
    assert homes["林小雨"] == homes["林小雪"]
    assert len({homes[name] for name in ("林小满", "林小雨", "林小风", "林小云")}) == 4
    later = [person("林小星", 912, **here | {"户主": "林二"})]
    batch = send(world, later, as_of=LATER)
    apply(world, apply(world, batch), "bureau_leader")  # most are gone: a second person
    assert Student.objects.get(name="林小星").household_id == homes["林小雨"]


def test_two_households_at_one_place_are_not_certain(world):
    here = home(world)
    first = [of_child(one, **here) for one in world.pupils[:2]]  # two households on record
    applied(world, [*first, person("林小满", 902, **here)])
    child = Student.objects.get(name="林小满")
    assert child.household.members.get() == child


def test_the_same_city_and_head_are_no_household_across_villages(world):
    away = {"户主": "林大山", "现住址": "浙江省温州市"}
    other = f"{world.other_township.name}9号"
    applied(
        world,
        [
            person("林小满", 902, **home(world, **away)),
            person("林小雨", 904, 户籍地址=other, **away),
        ],
    )
    regions = dict(Student.objects.values_list("name", "household__region"))
    assert regions["林小满"] == world.village.pk
    assert regions["林小雨"] == world.other_township.pk


def test_who_is_gone_stays_a_child_of_ours_and_is_listed(world):
    five = [person(f"林{n}", 902 + 2 * n) for n in range(5)]
    applied(world, five)
    batch = applied(world, five[1:], as_of=LATER)
    gone = batch.entries.get(change="gone")
    child = Student.objects.get(name="林0")
    assert (gone.student, gone.name, gone.result) == (child, "林0", "")
    assert shown(batch)["gone_rows"] == [
        {"name": "林0", "born_on": "2013-05-04", "student": str(child.public_id)}
    ]
    assert found_counts(batch) == {
        "by_number": 0, "by_facts": 0, "by_hand": 0, "entered": 4, "nobody": 0,
        "differing": 0,
    }  # fmt: skip
    assert Student.objects.filter(name__startswith="林").count() == 5


def test_what_a_person_decided_about_a_row_holds_for_the_next_list(world):
    nameless = person("林小满", **{"公民身份号码": ""})
    first = applied(world, [nameless])
    entry = first.entries.get()
    PersonEntry.objects.filter(pk=entry.pk).update(student=world.pupils[3], found="by_hand")
    second = applied(world, [nameless], as_of=LATER)
    found = second.entries.get()
    assert (found.change, found.student, found.found) == ("unchanged", world.pupils[3], "by_hand")


def test_a_merged_record_leads_to_the_one_that_was_kept(world):
    first = applied(world, [person("林小满", 902)])
    child = first.entries.get().student
    child.merged_into = world.pupils[0]
    child.save()
    found = applied(world, [person("林小满", 902)], as_of=LATER).entries.get()
    assert found.student == world.pupils[0]


def test_half_a_list_needs_a_second_different_person(world):
    everybody = [person(f"林{n}", 902 + 2 * n) for n in range(10)]
    applied(world, everybody)
    batch = send(world, everybody[:5], as_of=LATER)
    assert apply(world, batch).state == "needs_second"
    with pytest.raises(NotPossible) as refused:
        apply(world, batch)
    assert refused.value.reasons[0].code == "second_person"
    assert apply(world, batch, "bureau_leader").state == "applied"
    assert (batch.asked_by, batch.confirmed_by) == (
        world.posts["bureau_staff"],
        world.posts["bureau_leader"],
    )


def test_a_list_that_was_overtaken_changes_nothing(world):
    early = send(world, [person("林小满", 902)], as_of=date(2026, 9, 10))
    late = send(world, [person("林小雨", 904)], as_of=LATER)
    apply(world, late)
    with pytest.raises(NotPossible) as refused:
        apply(world, early)
    assert refused.value.reasons[0].code == "overtaken"
    PersonList.objects.filter(pk=early.pk).update(state="applying")
    run_waiting(NOW)
    early.refresh_from_db()
    assert (early.state, early.problem) == ("refused", "overtaken")
    assert not Student.objects.filter(name="林小满").exists()


def test_all_or_nothing(world, monkeypatch):
    """A child of the second batch of rows cannot be entered: none of the first one stays."""
    monkeypatch.setattr("students.services.list_apply.BATCH", 2)
    batch = send(world, [person(f"林{n}", 902 + 2 * n) for n in range(4)])
    batch.entries.filter(name="林3").update(born_on=None)
    assert apply(world, batch).problem == "overtaken"
    assert not Student.objects.filter(name__startswith="林").exists()
    assert set(batch.entries.values_list("found", flat=True)) == {""}


def test_nothing_to_apply(world):
    batch = send(world, [person("林小满", 902, 性别="2")])
    with pytest.raises(NotPossible) as refused:
        apply(world, batch)
    assert refused.value.reasons[0].code == "nothing_to_apply"
    with pytest.raises(NotVisible):
        person_lists.confirm(world.scope("bureau_staff"), Household().public_id, NOW)


def test_applied_once(world):
    batch = applied(world, [person("林小满", 902)])
    with pytest.raises(NotPossible) as refused:
        apply(world, batch)
    assert refused.value.reasons[0].code == "state"


def tags(batch: PersonList | None = None) -> list[tuple[str, str, date, date | None]]:
    found = FocusTag.objects.order_by("student__name", "group", "starts_on")
    found = found.filter(batch=batch) if batch else found
    return list(found.values_list("student__name", "group", "starts_on", "ends_on"))


def test_a_list_of_households_tags_our_children_and_makes_none(world):
    one, two, *others = world.pupils
    before = Student.objects.count()
    rows_of = [of_child(one), of_child(two), person("林某", **{"出生日期": "19650101"})]
    batch = applied(world, rows_of, "poverty")
    assert Student.objects.count() == before
    assert tags() == sorted([(child.name, "poor", AS_OF, None) for child in (one, two)])
    tag = FocusTag.objects.first()
    assert (tag.source, tag.batch, tag.by) == (
        batch.provider.name, batch, world.posts["bureau_staff"],
    )  # fmt: skip
    assert [entry.name for entry in rows(batch, "nobody")] == ["林某"]
    assert set(batch.entries.values_list("result", flat=True)) == {""}

    kept = [of_child(child) for child in (two, *others)]
    second = send(world, kept, "poverty", LATER)
    apply(world, second)
    apply(world, second, "bureau_leader")
    assert (one.name, "poor", AS_OF, date(2026, 10, 9)) in tags()
    assert (two.name, "poor", AS_OF, None) in tags()
    assert len(tags(second)) == 4


def test_a_tag_that_a_person_gave_does_not_end_with_a_list(world):
    child, other = world.pupils[:2]
    by = world.posts["township_cadre"].pk
    focus.tag([child.pk], FocusGroup.ORPHAN, Given("村委会", date(2026, 9, 1)), by, AS_OF)
    both = [of_child(child, 类别="孤儿"), of_child(other, 类别="困境儿童")]
    applied(world, both, "civil_affairs")
    second = send(world, [of_child(other, 类别="事实无人抚养")], "civil_affairs", LATER)
    apply(world, second)
    apply(world, second, "bureau_leader")
    assert tags() == sorted(
        [
            (child.name, "orphan", date(2026, 9, 1), None),
            (other.name, "hardship", AS_OF, date(2026, 10, 9)),
            (other.name, "unsupported", LATER, None),
        ]
    )


def test_the_child_of_a_disabled_person_is_tagged_where_the_list_certainly_names_the_parent(world):
    one, two, three, four = world.pupils[:4]
    others = {two: "祖父", three: "母亲", four: "母亲"}
    for child, relation in others.items():
        child.guardians.update(name=f"林{relation}", relation=relation)
    here = {"出生日期": "19800101", "户籍地址": f"{world.township.name}{world.village.name}3号"}
    parent = one.guardians.get().name
    listed = [
        person(parent, **here),
        person("林祖父", **here),  # no parent
        person("林母亲", **here),  # two households of the village have one of this name
        person("某人", **here),
    ]
    batch = applied(world, listed, "disability")
    assert tags(batch) == [(one.name, "parent_disabled", AS_OF, None)]
    away = f"{world.other_township.name}{world.other_village.name}1号"
    second = send(world, [person(parent, **here | {"户籍地址": away})], "disability", LATER)
    apply(world, second)
    apply(world, second, "bureau_leader")
    assert tags() == [(one.name, "parent_disabled", AS_OF, date(2026, 10, 9))]


def test_entering_costs_a_fixed_number_of_statements(world, django_assert_max_num_queries):
    batch = send(world, [person(f"林{n}", 100 + 2 * n, **home(world)) for n in range(300)])
    with django_assert_max_num_queries(12):
        list_children.enter(batch, list(batch.entries.all()))
    assert batch.entries.filter(found="entered").count() == 300

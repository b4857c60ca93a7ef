"""A county's profile: what is wrong is told at once, each with file and line."""

import pytest

from agencies.rules.profile import Known, ProfileRefused, read

HEAD = 'name = "third"\ncounty = "999999000000"\ndocument = "某政办发〔2030〕1号"\nin_force_from = 2030-01-01\n'
CLAUSE = """
[[clause]]
id = "S3-01"
place = "一"
kind = "find"
owed_by = ["school"]
owed_to = ["bureau"]
when = "term_opening"
zh = "开学7日内清查"
en = "A full check within 7 days"
numbers = [{value = 7, unit = "calendar_days", source = "某政办发〔2030〕1号 一"}]
evidence = ["census_signed"]
features = ["census_own"]
"""
KNOWN = Known({"census_signed"}, {"census_own"})


def faults(text: str) -> list[str]:
    with pytest.raises(ProfileRefused) as refused:
        read(text, "third.toml", KNOWN)
    return str(refused.value).splitlines()


def test_a_whole_profile_is_read():
    found = read(HEAD + CLAUSE, "third.toml", KNOWN)
    (clause,) = found.clauses
    assert (found.county, clause.id, clause.owed_by) == ("999999000000", "S3-01", ("school",))
    assert clause.numbers[0]["value"] == 7


@pytest.mark.parametrize(
    ("before", "after", "line", "reason"),
    [
        ('kind = "find"', 'kind = "finding"', 9, "S3-01: “finding” is no kind of duty."),
        ('owed_by = ["school"]', 'owed_by = ["moon"]', 10, "S3-01: “moon” is no kind of agency."),
        ('when = "term_opening"', 'when = "often"', 12, "S3-01: “often” is no time."),
        ('unit = "calendar_days", ', "", 15, "S3-01: 7 has no unit that is known (“”)."),
        ('"calendar_days"', '"moons"', 15, "S3-01: 7 has no unit that is known (“moons”)."),
        (', source = "某政办发〔2030〕1号 一"', "", 15, "S3-01: 7 has no source."),
        ("numbers = [{value = 7,", "numbers = [{", 15, "S3-01: A number without its value."),
        ('["census_signed"]', '["a_dance"]', 16, "S3-01: “a_dance” is no evidence of the catalogue."),
        ('["census_own"]', '["nowhere"]', 17, "S3-01: “nowhere” is no page of the product."),
        ('owed_by = ["school"]\n', "", 6, "S3-01: A duty needs “owed_by”."),
        ('zh = "开学7日内清查"\n', "", 6, "S3-01: “zh” is missing."),
        ('id = "S3-01"', 'id = "third one"', 7, "third one: An id looks like S3-07: letters, a dash, two digits."),
        ('kind = "find"', 'kind = "context"', 9, "S3-01: Say in “context” why nobody owes it."),
        ('place = "一"', 'place = "一"\nwhose = "x"', 9, "S3-01: “whose” is not known here."),
        ('place = "一"', "place = 1", 8, "S3-01: “place” has to be a text of at most 300 characters."),
        ('owed_by = ["school"]', 'owed_by = "school"', 10, "S3-01: “owed_by” has to be a list of texts."),
        ('county = "999999000000"', "county = 9", 2, "The file does not say its “county”, or not as a text."),
        ("in_force_from = 2030-01-01", 'in_force_from = "soon"', 4, "The file does not say its “in_force_from”, or not as a day."),
    ],
)  # fmt: skip
def test_each_fault_names_its_line(before, after, line, reason):
    text = HEAD + CLAUSE
    assert before in text
    assert faults(text.replace(before, after, 1)) == [f"third.toml:{line}: {reason}"]


def test_a_period_that_is_only_a_number_is_refused():
    text = CLAUSE.replace(CLAUSE[CLAUSE.index("[{") : CLAUSE.index("}]") + 2], "7")
    (fault,) = faults(HEAD + text)
    assert fault.startswith("third.toml:15: S3-01: A number needs a unit and a source")


def test_a_clause_twice_is_told_at_both_places():
    assert faults(HEAD + CLAUSE + CLAUSE) == [
        "third.toml:7: S3-01: The clause stands here 2 times.",
        "third.toml:20: S3-01: The clause stands here 2 times.",
    ]


def test_all_faults_are_told_at_once():
    text = CLAUSE.replace("school", "moon").replace('"bureau"', '"sun"')
    found = faults(HEAD + text + '[[value]]\nkey = "absence.consecutive_days"\nvalue = 0\n')
    assert [line.split(":")[1] for line in found] == ["10", "11", "20", "20"]


@pytest.mark.parametrize(
    ("value", "line", "reason"),
    [
        ('key = "a.b"\nvalue = 1\nclause = "S3-01"', 20, "“a.b” is no policy key."),
        ('key = "term.census_days"\nvalue = 7', 21, "The number has no source: name its clause."),
        ('key = "term.census_days"\nvalue = 7\nclause = "S3-09"', 22, "The clause “S3-09” does not stand in this file."),
        ('key = "term.census_days"\nvalue = 900\nclause = "S3-01"', 21, "The value must be between 1 and 400."),
        ('key = "term.census_days"\nvalue = "7"\nclause = "S3-01"', 21, "The value must be a whole number."),
    ],
)  # fmt: skip
def test_values_are_checked_against_the_policy_keys(value, line, reason):
    assert faults(f"{HEAD}{CLAUSE}\n[[value]]\n{value}\n") == [f"third.toml:{line}: {reason}"]


def test_a_value_says_what_its_clause_says():
    text = CLAUSE.replace('一"}]', '一", policy = "term.census_days"}]')
    value = '[[value]]\nkey = "term.census_days"\nvalue = 5\nclause = "S3-01"\n'
    assert faults(f"{HEAD}{text}\n{value}") == [
        "third.toml:21: S3-01 says another number for this value."
    ]


def test_what_is_no_toml_names_its_line():
    assert faults(HEAD + "[[clause]\n")[0].startswith("third.toml:5: ")
    assert faults(HEAD + 'value = "x"\n')[0].startswith("third.toml:5: Write each value")


def test_without_the_catalogues_only_the_words_are_looked_at():
    text = CLAUSE.replace('["census_own"]', '["nowhere"]')
    assert read(HEAD + text, "third.toml").clauses[0].features == ("nowhere",)

"""Why a file or a row of a roster or list was refused: stable codes and the words for people.

Rows keep the code and never the number that was wrong.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: dict[str, Promise] = {
    "missing": _("This is needed."),
    "too_long": _("This is too long: at most %(most)s characters."),
    "lost_character": _(
        "A character of this name was lost when the file was written. Type the name again."
    ),
    "ruined": _(
        "The spreadsheet program has ruined this number. "
        "Format the column as text and type it again."
    ),
    "length": _("An ID number has 18 characters."),
    "form": _("This is not built like such a number."),
    "date": _("The date of birth inside this number does not exist or lies in the future."),
    "check": _("The check digit is wrong: a digit was mistyped."),
    "prefix": _("A student number begins with G, J or L."),
    "born_on": _("Not a date. Write it as 20150315 or 2015-03-15."),
    "future": _("The date of birth lies in the future."),
    "too_old": _("Nobody on such a list is that old."),
    "swapped": _(
        "“%(column)s” and “%(other)s” are swapped: one holds what belongs into the other."
    ),
    "two_names": _("This number stands in row %(row)s with another name: one of them is wrong."),
    "no_number_or_birth": _("Give an ID number or a date of birth: a name alone means nobody."),
    "code_not_label": _("Write the name, not a code."),
    "label": _("There is no such value. Possible: %(possible)s."),
    "grade": _("Not a grade from one to nine."),
    "grade_of_school": _("This school does not have this grade."),
    "class": _("Not a class. Write it as 3, 3班 or 七（3）班."),
    "grade_and_class": _("“%(column)s” and “%(other)s” name different grades."),
    "born_on_and_number": _("“%(column)s” and “%(other)s” do not agree on the date of birth."),
    "sex_and_number": _("“%(column)s” and “%(other)s” do not agree on the sex."),
    "number_and_id": _("“%(column)s” does not contain the number in “%(other)s”."),
    "no_identity": _(
        "Give an ID number, a student number, or in words the reason why there is none."
    ),
    "amount": _("Not an amount of money above 0 yuan."),
    "not_ours": _("No child of our records has this number."),
    "name_differs": _("The child with this number has another name in our records."),
    "paid_already": _("The child has this from this giver and day already."),
    "phone": _("Not a telephone number."),
    "same_number": _("The same number as in row %(row)s."),
    "same_child": _("The same name and date of birth as in row %(row)s."),
    "other_school": _("Enrolled at another school of the county: ask for a transfer."),
    "other_county": _("This number belongs to a child of another county."),
    "other_id_number": _("The student number belongs to a child with another ID number."),
    "recorded_as_died": _("This child is recorded as having died."),
    "two_children": _("The two numbers belong to two different children of our records."),
    "several_candidates": _("Several children of this name and date of birth have no ID number."),
    "has_id_number": _(
        "A child of this name and date of birth is on the roster with an ID number: "
        "give it here too."
    ),
}

REFUSALS: dict[str, Promise] = {
    "empty": _("The file is empty."),
    "too_large": _("The file is larger than 40 MB."),
    "unpacks_too_large": _("The file is too large when unpacked."),
    "password": _("The file has a password. Remove it and upload the file again."),
    "not_a_sheet": _("This is not a workbook (.xlsx, .xls) or a table in text (.csv)."),
    "damaged": _("The file is damaged or was cut off."),
    "encoding": _("The text is neither UTF-8 nor GB18030. Save the table as a workbook."),
    "too_many_columns": _("The sheet has more than 200 columns."),
    "too_many_rows": _("The sheet has more than 200,000 rows."),
    "no_headings": _("No row with headings such as 姓名 and 性别 was found in the first 20 rows."),
    "missing_headings": _("These headings are missing: %(detail)s."),
    "no_rows": _("There is nobody below the headings."),
    "lost": _("The file is not there any more. Upload it again."),
    "overtaken": _("Our records changed meanwhile. Upload the file again."),
}


def reason(problem: Mapping[str, Any]) -> str:
    """The words of one problem of a row, in the language of the reader."""
    params = {"column": problem.get("column", ""), **problem.get("params", {})}
    return str(REASONS[problem["code"]]) % params


def refusal(problem: str) -> str:
    """The words of a job's problem, kept as "code" or "code:detail"."""
    code, _colon, detail = problem.partition(":")
    return str(REFUSALS[code]) % {"detail": detail} if code else ""

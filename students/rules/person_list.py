"""Lists of other agencies: their kinds, and what becomes of a row of the population register."""

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from agencies.rules.duties import AgencyKind
from students.rules.focus import FocusGroup


class ListKind(TextChoices):
    """What kind of list it is."""

    REGISTER = "register", _("population register (school-age children)")
    POVERTY = "poverty", _("registered poor households")
    CIVIL_AFFAIRS = "civil_affairs", _("children in difficulty (civil affairs)")
    DISABILITY = "disability", _("holders of a disability certificate")


PROVIDERS: dict[ListKind, AgencyKind] = {
    ListKind.REGISTER: AgencyKind.POLICE,
    ListKind.POVERTY: AgencyKind.POVERTY,
    ListKind.CIVIL_AFFAIRS: AgencyKind.CIVIL_AFFAIRS,
    ListKind.DISABILITY: AgencyKind.DISABLED,
}

# The focus group that a list stands for where its rows do not say which; the register has none.
GROUP_OF: dict[ListKind, FocusGroup] = {
    ListKind.POVERTY: FocusGroup.POOR,
    ListKind.CIVIL_AFFAIRS: FocusGroup.HARDSHIP,
    ListKind.DISABILITY: FocusGroup.DISABLED,
}


@dataclass(slots=True)
class Listed:
    """What one row of a list says. Blank means that the row says nothing of it."""

    name: str = ""
    sex: str = ""
    born_on: date | None = None
    id_number: str = ""
    address: str = ""
    lives_at: str = ""
    head: str = ""
    guardian: str = ""
    group: str = ""

    @property
    def person(self) -> tuple[str, date | None, str]:
        """Who it is, for a row without a number."""
        return self.name, self.born_on, self.head


def much_shorter(gone: int, before: int, percent: float) -> bool:
    """More of the list before is gone than one person may decide on: a second one must agree.

    Strictly more than the setting, so that 20 of 100 may be gone at 20 percent.
    """
    return gone * 100 > percent * before


class Result(TextChoices):
    """The eight result classes of a comparison (forms.md 3.3), and the ninth: out of school."""

    REGISTER_ERROR = (
        "register_error",
        _("1 fault of the register: died, registered twice or nowhere, wrong number or name"),
    )
    IN_SCHOOL = "in_school", _("2 in school and registered as a pupil")
    SAME_PROVINCE = "same_province", _("3 in school within the province, not registered")
    OTHER_PROVINCE = "other_province", _("4 in school in another province, not registered")
    PAST_AGE = "past_age", _("5 past the age of compulsory education, has left")
    ABROAD = "abroad", _("6 abroad")
    UNABLE = "unable", _("7 cannot attend because of illness or disability, or is taught at home")
    OTHER = "other", _("8 away with the family, not reached for long, or other")
    OUT_OF_SCHOOL = "out_of_school", _("confirmed as out of school, case opened")

"""Lists of other agencies: their kinds, and what becomes of a row of the population register."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from agencies.rules.duties import AgencyKind


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

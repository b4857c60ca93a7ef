"""What the demonstration county consists of, as data: bodies, posts, schools."""

from dataclasses import dataclass
from math import sqrt

from agencies.rules.duties import AgencyKind, Position

COUNTY_BODIES: dict[AgencyKind, str] = {
    AgencyKind.BUREAU: "县教育局",
    AgencyKind.POLICE: "县公安局",
    AgencyKind.CIVIL_AFFAIRS: "县民政局",
    AgencyKind.JUSTICE: "县司法局",
    AgencyKind.LABOUR: "县人力资源和社会保障局",
    AgencyKind.DISABLED: "县残疾人联合会",
    AgencyKind.WOMEN: "县妇女联合会",
    AgencyKind.HEALTH: "县卫生健康局",
    AgencyKind.CULTURE: "县文化和广电旅游体育局",
    AgencyKind.MARKET: "县市场监督管理局",
    AgencyKind.FINANCE: "县财政局",
    AgencyKind.POVERTY: "县乡村振兴局",
    AgencyKind.COUNTY: "县人民政府",
    AgencyKind.POLITICAL_LEGAL: "县委政法委员会",
    AgencyKind.URBAN: "县综合行政执法局",
    AgencyKind.AUDIT: "县审计局",
}

# Who works in a body of each kind: position and title, in this order.
STAFF: dict[AgencyKind, tuple[tuple[Position, str], ...]] = {
    AgencyKind.BUREAU: (
        (Position.BUREAU_LEADER, "局长"),
        (Position.BUREAU_LEADER, "副局长"),
        (Position.BUREAU_STAFF, "义务教育科科长"),
        (Position.BUREAU_STAFF, "控辍保学专干"),
        (Position.BUREAU_STAFF, "学籍管理员"),
        (Position.SYSTEM_ADMIN, "系统管理员"),
    ),
    AgencyKind.TOWNSHIP: (
        (Position.TOWNSHIP_LEADER, "分管领导"),
        (Position.TOWNSHIP_CADRE, "教育专干"),
        (Position.TOWNSHIP_CADRE, "驻村干部"),
    ),
    AgencyKind.VILLAGE: ((Position.VILLAGE_CADRE, "村干部"),),
    AgencyKind.SCHOOL: (
        (Position.SCHOOL_LEADER, "校长"),
        (Position.SCHOOL_LEADER, "副校长"),
    ),
    AgencyKind.COUNTY: (
        (Position.AGENCY_STAFF, "分管副县长"),
        (Position.AGENCY_STAFF, "政府办联络员"),
    ),
}
OTHER_STAFF = ((Position.AGENCY_STAFF, "联络员"),)


@dataclass(frozen=True)
class SchoolKind:
    """The first two digits of its code, its grades, and how it is called after its place."""

    digits: str
    first_grade: int
    last_grade: int
    name: str
    another: str


NINE_YEARS = SchoolKind("31", 1, 9, "演示中心学校", "演示第{}学校")
PRIMARY = SchoolKind("21", 1, 6, "演示小学", "演示第{}小学")
JUNIOR = SchoolKind("31", 7, 9, "演示初级中学", "演示第{}初级中学")
ORDINALS = "一二三四五六七八九"

# Township (by its place in the list) and kind. A junior school stands beside its primary school.
PATTERN = (
    (0, NINE_YEARS), (0, PRIMARY), (0, JUNIOR), (5, PRIMARY), (5, JUNIOR), (7, PRIMARY),
    (7, JUNIOR), (4, PRIMARY), (4, JUNIOR), (2, PRIMARY), (2, JUNIOR), (1, NINE_YEARS),
    (3, NINE_YEARS), (8, PRIMARY),
)  # fmt: skip
PUPILS = 3000  # at scale 1
SMALLEST_CLASS = 14


@dataclass(frozen=True)
class SchoolPlan:
    kind: SchoolKind
    township: int
    name: str
    code: str
    parallel: int  # classes of one grade

    @property
    def classes(self) -> list[tuple[int, int]]:
        """Grade and number, the upper grades first: the demonstration's class is the first."""
        grades = [g for g in (7, 8, 9, 6, 5, 4, 3, 2, 1) if self._has(g)]
        return [(grade, number + 1) for grade in grades for number in range(self.parallel)]

    def _has(self, grade: int) -> bool:
        return self.kind.first_grade <= grade <= self.kind.last_grade


@dataclass(frozen=True)
class Plan:
    """How large the county is. copies: how often the ordinary stories are told."""

    schools: tuple[SchoolPlan, ...]
    pupils_in_a_class: int
    copies: int


def plan(scale: float, townships: list[str]) -> Plan:
    """The county at a scale: 1 is 3,000 pupils in 14 schools, 12 is 36,000 in 56."""
    parallel = max(1, round(sqrt(scale)))
    rounds = max(1, round(scale / parallel))
    places = PATTERN if scale >= 1 else PATTERN[: max(3, round(len(PATTERN) * scale))]
    schools: list[SchoolPlan] = []
    for turn in range(rounds):
        for place, kind in places:
            township = (place + 5 * turn) % len(townships)
            same = len([one for one in schools if (one.township, one.kind) == (township, kind)])
            ending = kind.another.format(ORDINALS[same]) if same else kind.name
            code = f"{kind.digits}33{len(schools) + 1:06d}"
            name = townships[township] + ending
            schools.append(SchoolPlan(kind, township, name, code, parallel))
    classes = sum(len(school.classes) for school in schools)
    size = max(SMALLEST_CLASS, round(PUPILS * scale / classes))
    return Plan(tuple(schools), size, max(1, round(scale)))

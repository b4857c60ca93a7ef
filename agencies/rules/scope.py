"""Who is asking, as a value: posts, duties and how far they reach. Resolved once per request."""

from dataclasses import dataclass
from datetime import date

from agencies.rules.duties import DUTIES, REACH, Duty, Position, Reach


@dataclass(frozen=True)
class HeldPost:
    """One post of the person who asks, on the day of asking."""

    id: int
    public_id: str
    position: Position
    agency_id: int
    agency_kind: str
    agency_name: str
    region_path: str

    @property
    def reach(self) -> Reach:
        return REACH[self.position]

    @property
    def duties(self) -> frozenset[Duty]:
        return DUTIES[self.position]


@dataclass(frozen=True)
class Scope:
    """The posts of one person on one day, and what follows from them."""

    user_id: int
    county_id: int
    on: date
    posts: tuple[HeldPost, ...] = ()
    name: str = ""

    def may(self, duty: Duty) -> bool:
        return any(duty in post.duties for post in self.posts)

    def post_for(self, duty: Duty) -> HeldPost | None:
        """The post in whose name the person does this."""
        return next((post for post in self.posts if duty in post.duties), None)

    @property
    def everything(self) -> bool:
        """Some post sees the whole county."""
        return any(post.reach is Reach.COUNTY for post in self.posts)

    @property
    def paths(self) -> tuple[str, ...]:
        """Paths of the regions below which all children are seen."""
        return tuple(post.region_path for post in self.posts if post.reach is Reach.REGION)

    @property
    def school_ids(self) -> tuple[int, ...]:
        return tuple(post.agency_id for post in self.posts if post.reach is Reach.SCHOOL)

    @property
    def class_post_ids(self) -> tuple[int, ...]:
        """Posts that see the children of the classes they are in charge of."""
        return tuple(post.id for post in self.posts if post.reach is Reach.CLASSES)

    @property
    def agency_ids(self) -> tuple[int, ...]:
        return tuple(post.agency_id for post in self.posts)

    @property
    def post_ids(self) -> tuple[int, ...]:
        return tuple(post.id for post in self.posts)

    @property
    def finds_students(self) -> bool:
        """Whether the bar offers the search."""
        return self.may(Duty.SEE_STUDENTS)

    @property
    def sees_no_children(self) -> bool:
        return all(post.reach is Reach.NONE for post in self.posts)

"""The minutes of a joint conference as a paper: agenda, attendance, course, decisions."""

from collections.abc import Sequence

from agencies.models import Attendance, Decision, Meeting
from agencies.rules.conferences import DecisionState, Point, Presence, SeatRole
from reporting.documents.paper import Figure, Paper, Signature, Table

ROLES = {
    SeatRole.CONVENER: "召集人",
    SeatRole.DEPUTY: "副召集人",
    SeatRole.MEMBER: "成员单位",
    SeatRole.OFFICE: "联席会议办公室",
}
PRESENCES = {
    Presence.PRESENT: "出席",
    Presence.SUBSTITUTE: "委托他人出席",
    Presence.EXCUSED: "请假",
    Presence.ABSENT: "缺席",
}


def agenda(meeting: Meeting, points: Sequence[Point], as_of: str, *, demo: bool) -> Paper:
    """What is to be talked about, before the meeting."""
    return Paper(
        title=f"{meeting.conference.name}第{meeting.number}次会议议程",
        number="",
        agency=meeting.conference.host.name,
        lines=(("会议时间", str(meeting.planned_on)), ("会议地点", meeting.place)),
        tables=tuple(_point(number, one.title, one.lines) for number, one in enumerate(points, 1)),
        as_of=as_of,
        demo=demo,
    )


def minutes(
    meeting: Meeting, decisions: Sequence[Decision], signature: Signature, *, demo: bool
) -> Paper:
    """What was said and decided, as it is signed. Reads the rows of the meeting."""
    items = list(meeting.agenda.order_by("position"))
    came = list(meeting.attendance.select_related("seat__agency").order_by("seat"))
    there = [one for one in came if one.presence in (Presence.PRESENT, Presence.SUBSTITUTE)]
    return Paper(
        title=f"{meeting.conference.name}第{meeting.number}次会议纪要",
        number="",
        agency=meeting.conference.host.name,
        lines=(
            ("会议时间", str(meeting.held_on)),
            ("会议地点", meeting.place),
            ("主持人", meeting.chair),
        ),
        figures=(
            Figure("应到单位", len(came)),
            Figure("实到单位", len(there)),
            Figure("议定事项", len(decisions)),
        ),
        tables=(
            _attendance(came),
            *(_point(number, one.title, one.lines) for number, one in enumerate(items, 1)),
            _course(meeting.minutes),
            _decided(decisions),
        ),
        signature=signature,
        as_of=signature.at,
        demo=demo,
    )


def _attendance(came: Sequence[Attendance]) -> Table:
    rows = tuple(
        (
            one.seat.agency.name,
            ROLES[SeatRole(one.seat.role)],
            f"{one.seat.name} {one.seat.title}",
            PRESENCES[Presence(one.presence)] + (f"：{one.who}" if one.who else ""),
        )
        for one in came
    )
    return Table("出席情况", ("单位", "职责", "姓名及职务", "出席"), rows)


def _point(number: int, title: str, lines: Sequence[Sequence[str]]) -> Table:
    rows = tuple((line[0], line[1]) for line in lines)
    return Table(f"议题{number}：{title}", ("事项", "情况"), rows, "见会议情况")


def _course(text: str) -> Table:
    """One row a paragraph, so that a long text breaks between pages."""
    paragraphs = [line.strip() for line in text.splitlines() if line.strip()]
    return Table("会议情况", ("内容",), tuple((line,) for line in paragraphs), "无")


def _decided(decisions: Sequence[Decision]) -> Table:
    rows = tuple((str(one.number), one.text, one.owner.name, str(one.due_on)) for one in decisions)
    return Table("议定事项", ("序号", "事项", "责任单位", "完成期限"), rows, "无议定事项")


def standing(decisions: Sequence[Decision]) -> list[Decision]:
    """What the minutes list: a decision that was withdrawn before the signature is left out."""
    return [one for one in decisions if one.state != DecisionState.WITHDRAWN]

"""What every channel takes and gives back: a message without personal data, and an outcome."""

from dataclasses import dataclass

MOST_DETAIL = 200  # characters


@dataclass(frozen=True)
class Message:
    """What is sent.

    text: never a child's data, only numbers of cases and counts (security.md SR-36).
    link: an absolute address in this system, where the reader signs in first.
    dedupe: the same for every attempt at one notice; whoever receives it may drop repeats by it.
    """

    subject: str
    text: str
    link: str
    dedupe: str

    @property
    def body(self) -> str:
        """Text and link, for channels that know only text."""
        return "\n".join(part for part in (self.text, self.link) if part)


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt.

    status: a short word for machines, such as "sent", "timeout", "http_500", "not_allowed".
    detail: at most MOST_DETAIL characters of our own words; never what the other side wrote, no
        token, address with a token or phone number, because it is stored and shown.
    retry: whether the same message may succeed later without anybody changing a setting.
    """

    ok: bool
    status: str
    detail: str = ""
    retry: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "detail", self.detail[:MOST_DETAIL])


def sent() -> Outcome:
    """Taken over by the other side."""
    return Outcome(ok=True, status="sent", retry=False)


def later(status: str, detail: str = "") -> Outcome:
    """Failed, worth another attempt."""
    return Outcome(ok=False, status=status, detail=detail)


def never(status: str, detail: str = "") -> Outcome:
    """Failed, and will fail until somebody changes something."""
    return Outcome(ok=False, status=status, detail=detail, retry=False)

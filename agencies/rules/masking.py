"""What is shown of numbers by which a minor can be found (个人信息保护法 28, GB/T 35273 7.2)."""

import re

ID_NUMBER = re.compile(r"\d{17}[\dXx]")
MOBILE = re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)")


def id_number(value: str) -> str:
    """Area and the last four stay: 3303**********1526."""
    return (
        f"{value[:4]}{'*' * (len(value) - 8)}{value[-4:]}" if len(value) > 8 else "*" * len(value)
    )


def student_number(value: str) -> str:
    """A 学籍号 holds the ID number: its letter stays, the rest is masked alike."""
    return value[:1] + id_number(value[1:]) if value else ""


def phone(value: str) -> str:
    """138****5678."""
    return f"{value[:3]}****{value[-4:]}" if len(value) >= 8 else "*" * len(value)


def free_text(value: str) -> str:
    """Numbers that somebody typed into a note are masked wherever the note is shown."""
    return ID_NUMBER.sub(lambda found: id_number(found.group()), value)


def strangers_text(value: str) -> str:
    """The same and mobile phones: nobody knows whose they are in the words of a stranger."""
    return MOBILE.sub(lambda found: phone(found.group()), free_text(value))

"""Days in addresses: YYYY-MM-DD of this century. Importing this registers <day:...>."""

from datetime import date

from django.urls import register_converter


class DayConverter:
    regex = r"20\d{2}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else value.isoformat()


register_converter(DayConverter, "day")

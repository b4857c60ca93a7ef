"""Days in addresses: YYYY-MM-DD of this century. Importing this registers <day:...>, <year:...>."""

from datetime import date

from django.urls import register_converter
from django.urls.converters import IntConverter


class DayConverter:
    regex = r"20\d{2}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else value.isoformat()


class YearConverter(IntConverter):
    """A year that can be meant, as a number."""

    regex = r"20\d{2}"


register_converter(DayConverter, "day")
register_converter(YearConverter, "year")

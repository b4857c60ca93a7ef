"""The balance for machines: parts that add up to the total, who moved, and the names of a part."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView
from agencies.rules.duties import Duty
from agencies.services import audit
from reporting import forms
from reporting.queries import areas
from reporting.queries import balance as books
from reporting.queries.balance import Balance, Child, Wanted
from reporting.rules.balance import PARTS
from students.api.fields import GroupField


class BalanceQuery(serializers.Serializer):
    """Parameters. region: 12 digits, the widest that the caller sees by default. tag: a group."""

    region = serializers.RegexField(r"^\d{12}$", required=False)
    on = serializers.DateField(required=False)
    tag = GroupField(required=False)


class FlowQuery(BalanceQuery):
    """since: the first of the two days."""

    since = serializers.DateField()


class NamesQuery(BalanceQuery):
    part = serializers.ChoiceField([part.value for part in PARTS])
    page = serializers.IntegerField(min_value=1, max_value=100_000, required=False)


class BalanceView(ApiView):
    """Every child of school age of a region in exactly one place on a day."""

    duty = Duty.SEE_BALANCE

    @extend_schema(parameters=[BalanceQuery], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        given = _checked(self, BalanceQuery)
        found = books.balance(wanted(self, given))
        return Response(shown(found))


class BalanceFlow(ApiView):
    """How many children went from which part to which between two days."""

    duty = Duty.SEE_BALANCE

    @extend_schema(parameters=[FlowQuery], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        given = _checked(self, FlowQuery)
        asked = wanted(self, given)
        since = given["since"]
        if not forms.EARLIEST <= since <= asked.on:
            text = _("The first day lies after the second, or too far back.")
            raise serializers.ValidationError({"since": text}, "out_of_range")
        found = books.flow(asked, since)
        return Response(
            {
                "region": asked.area.key,
                "since": since.isoformat(),
                "on": asked.on.isoformat(),
                "moved": found.moved,
                "cells": [
                    {"from": before or None, "to": after or None, "count": number}
                    for (before, after), number in sorted(found.cells.items())
                ],
            }
        )


class BalanceNames(ApiView):
    """The children of one part, 50 a page."""

    duty = Duty.SEE_BALANCE

    @extend_schema(parameters=[NamesQuery], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        given = _checked(self, NamesQuery)
        asked, page = wanted(self, given), given.get("page", 1)
        rows = books.names(asked, given["part"], page)
        subject = f"balance:{given['part']}"
        audit.record(self.scope, "balance.list", subject, now=clock.now())
        return Response({"page": page, "results": [_child(row) for row in rows]})


def _checked(view: ApiView, parameters: type[BalanceQuery]) -> dict:
    query = parameters(data=view.request.query_params, context={"scope": view.scope})
    query.is_valid(raise_exception=True)
    return query.validated_data


def wanted(view: ApiView, given: dict) -> Wanted:
    """The area and the day. Raises ValidationError (400) and NotVisible (404)."""
    today = clock.today()
    on: date = given.get("on", today)
    if not forms.EARLIEST <= on <= today:
        text = _("The day lies in the future or too far back.")
        raise serializers.ValidationError({"on": text}, "out_of_range")
    code = given.get("region")
    area = areas.find_region(view.scope, code, on) if code else areas.own(view.scope, on)
    return Wanted(area, on, today, given.get("tag", ""))


def shown(found: Balance) -> dict[str, object]:
    """The balance as the contract words it."""
    area = found.wanted.area
    return {
        "region": area.path.ljust(12, "0"),
        "name": area.name,
        "on": found.wanted.on.isoformat(),
        "tag": found.wanted.tag or None,
        "born": {"first": found.cohort.first.isoformat(), "last": found.cohort.last.isoformat()},
        "total": found.total,
        "dispositions": dict(found.counts),
        "unaccounted": found.unaccounted,
        "undecided": found.undecided,
        "rows": [
            {
                "region": line.code or None,
                "name": line.name or None,
                "total": line.total,
                "dispositions": dict(line.counts),
                "unaccounted": line.unaccounted,
            }
            for line in found.lines
        ],
        "names": reverse("api_balance_names"),
    }


def _child(child: Child) -> dict[str, object]:
    return {
        "student": str(child.student),
        "name": child.name,
        "id_number": child.id_number,
        "born_on": child.born_on.isoformat(),
        "home": child.home,
        "school": child.school or None,
        "class": child.school_class or None,
    }

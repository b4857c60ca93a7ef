"""Who is in charge of a class."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from agencies import clock
from agencies.errors import DomainError, NotPermitted, Reason
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from students.access import class_for, leader_at
from students.forms import TeacherForm
from students.queries.classes import may_teach, teacher_of
from students.services.classes import assign_teacher

REFUSED = 422


@needs(Duty.CHANGE_ENROLLMENT)
def class_teacher(request: PageRequest, class_id: UUID) -> HttpResponse:
    """Put somebody else of the school in charge from a day on."""
    scope = request.scope
    school_class = class_for(scope, class_id)
    leader = leader_at(scope, school_class.school_id)
    if leader is None:
        raise NotPermitted(Reason("duty", _("None of your posts carries this duty.")))
    posts = may_teach(school_class, scope.on)
    now_in_charge = teacher_of(school_class, scope.on)
    form = TeacherForm(request.POST or None, posts=posts, initial={"on": scope.on})
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            with transaction.atomic():
                assign_teacher(school_class, posts.get(public_id=given["post"]), given["on"])
                subject = f"class:{class_id}"
                audit.record(scope, "class.teacher", subject, now=clock.now(), post=leader)
            messages.success(request, _("The class teacher is entered."))
            return redirect("class_list", class_id)
        except DomainError as refused:
            reasons = refused.reasons
    context = {
        "school_class": school_class,
        "school_name": school_class.school.name,
        "teacher": now_in_charge,
        "form": form,
        "reasons": reasons,
    }
    status = REFUSED if reasons or form.errors else 200
    return render(request, "students/class_teacher.html", context, status=status)

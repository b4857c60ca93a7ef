from django.urls import path

from agencies import converters  # noqa: F401 registers <day:...>
from students.views import roll, roster

urlpatterns = [
    path("roll/", roll.today, name="roll_today"),
    path("rolls/", roll.roll_days, name="roll_days"),
    path("classes/<uuid:class_id>/", roster.class_list, name="class_list"),
    path("classes/<uuid:class_id>/roll/<day:day>/", roll.roll, name="roll"),
    path("classes/<uuid:class_id>/roll/<day:day>/print/", roll.roll_print, name="roll_print"),
    path("students/", roster.student_list, name="student_list"),
]

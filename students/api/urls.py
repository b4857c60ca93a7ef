from django.urls import path

from agencies import converters  # noqa: F401 registers <day:...>
from students.api import classes

urlpatterns = [
    path("classes/", classes.Classes.as_view(), name="api_classes"),
    path("classes/<uuid:class_id>/roll/<day:day>/", classes.ClassRoll.as_view(), name="api_roll"),
]

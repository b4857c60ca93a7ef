"""Whom: calendar, classes, students, guardians, enrollment, attendance, absence."""

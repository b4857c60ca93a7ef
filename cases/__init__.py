"""Dropout cases: teams of six, visits, the way back to school and closure."""

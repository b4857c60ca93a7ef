"""Sweeps of the reporting app (when: the beat table in config/celery.py)."""

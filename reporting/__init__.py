"""Figures: the board, the names behind each number, consistency of the data."""

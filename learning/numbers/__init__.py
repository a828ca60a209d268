"""Figures: counted once in the database, small numbers hidden, each with the cases behind it."""

"""Whole complaints, told from the first word to the last letter."""

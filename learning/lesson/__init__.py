"""Lessons: written, linked to the complaints they come from, and who must learn them."""

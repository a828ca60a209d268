"""Surveys of the four groups: whom we ask, how, and what may be shown of what they said."""

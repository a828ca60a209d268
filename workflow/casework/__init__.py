"""Casework: the acts by which staff and complainants move a case, each a verb in one visible table."""

from workflow.casework.verb import Field, Refused, Verb
from workflow.casework.verbs import VERBS, allowed, do, preview

__all__ = ["VERBS", "Field", "Refused", "Verb", "allowed", "do", "preview"]

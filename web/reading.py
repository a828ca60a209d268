"""Reading what the public's pages stored: answers to the questionnaire, or what someone said while following."""

from workflow.told import complaint_text, later_text, read

__all__ = ["complaint_text", "later_text", "read"]

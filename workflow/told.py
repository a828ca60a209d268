"""Reading answers that a form or a chat stored: they become a contact like that of any channel."""

import json
from collections.abc import Mapping
from typing import Any

from templates import words
from templates.languages import spoken
from workflow.contact import Kind, Reading

# How to reach someone safely is not among them: it stands with the person, for staff, and not where the link shows it.
BESIDE = ("when", "outcome_wanted", "about_name", "authority", "communication_needs")


def read(raw: bytes) -> Reading:
    """A complaint, or what someone added, asked or withdrew while following it. Raises ValueError on other bytes.

    Files are told of in `answers["files"]`: each is a blob of its own, not a part of these bytes.
    """
    data = json.loads(raw)
    if not isinstance(data, dict):
        raise ValueError("a form is an object of answers")
    text = complaint_text(data) if "what" in data else later_text(data)
    return Reading(
        kind=Kind.PERSON,
        sender_name=str(data.get("name", "")),
        sender_address=str(data.get("email", "")).lower(),
        text=text,
        reply=text,
        problems=tuple(str(problem) for problem in data.get("problems") or ()),
        answers=data,
        rules=("answers to our questions",),
    )


def complaint_text(answers: Mapping[str, Any]) -> str:
    """What happened, in the person's words, then each other thing they told under what was asked."""
    said = words.questionnaire(spoken(answers.get("language")))
    beside = [f"{said[key]['short']}:\n{answers[key]}" for key in BESIDE if answers.get(key)]
    return "\n\n".join([str(answers["what"]), *beside])


def later_text(said: Mapping[str, Any]) -> str:
    """What someone added, or asked for, on their progress page."""
    ours = words.questionnaire(spoken(said.get("language")))["progress"]
    parts = [str(said.get("add", ""))]
    if said.get("withdraw"):
        parts += [ours["withdrawn"], ours["still_unhappy" if said.get("still_dissatisfied") else "no_longer_unhappy"]]
    if said.get("next_stage"):
        parts.append(ours["next_stage_asked"])
    return "\n\n".join(part for part in [*parts, str(said.get("why", ""))] if part)

"""Every table, in one place to import from."""

from storage.tables.cases import Case, CaseRole, Deadline, Event, Head, Participant, Reminder, Task
from storage.tables.chat import ChatCode, ChatUpdate, Conversation
from storage.tables.colleagues import Colleague, SupportStep
from storage.tables.contacts import Attachment, Blob, Contact, MailboxMessage
from storage.tables.feedback import Involvement, KeepInformed, SurveyAnswer, SurveyInvitation, UpdateSent
from storage.tables.governance import (
    DigestSent,
    Feed,
    FeedItem,
    OmbudsmanMatter,
    OutsideEvent,
    Publication,
    Recommendation,
    Review,
    ReviewEvent,
    Stakeholder,
)
from storage.tables.insight import Insight
from storage.tables.lessons import Action, ActionPlan, LearningEvent, Lesson, LessonCase, LessonLearner
from storage.tables.letters import Letter, Message
from storage.tables.office import Address, ChannelStatus, Mark, Organisation, Service, Staff, StaffService
from storage.tables.public import EqualityAnswer, FormDraft
from storage.tables.sign_in import SignInLink, StaffSession

__all__ = [
    "Action",
    "ActionPlan",
    "Address",
    "Attachment",
    "Blob",
    "Case",
    "CaseRole",
    "ChannelStatus",
    "ChatCode",
    "ChatUpdate",
    "Colleague",
    "Contact",
    "Conversation",
    "Deadline",
    "DigestSent",
    "EqualityAnswer",
    "Event",
    "Feed",
    "FeedItem",
    "FormDraft",
    "Head",
    "Insight",
    "Involvement",
    "KeepInformed",
    "LearningEvent",
    "Lesson",
    "LessonCase",
    "LessonLearner",
    "Letter",
    "MailboxMessage",
    "Mark",
    "Message",
    "OmbudsmanMatter",
    "Organisation",
    "OutsideEvent",
    "Participant",
    "Publication",
    "Recommendation",
    "Reminder",
    "Review",
    "ReviewEvent",
    "Service",
    "SignInLink",
    "Staff",
    "StaffService",
    "StaffSession",
    "Stakeholder",
    "SupportStep",
    "SurveyAnswer",
    "SurveyInvitation",
    "Task",
    "UpdateSent",
]

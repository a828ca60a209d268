"""Every table, in one place to import from."""

from storage.tables.cases import Case, CaseRole, Deadline, Event, Head, Participant, Reminder, Task
from storage.tables.contacts import Attachment, Blob, Contact, MailboxMessage
from storage.tables.letters import Letter, Message
from storage.tables.office import Address, ChannelStatus, Mark, Organisation, Service, Staff, StaffService
from storage.tables.public import EqualityAnswer, FormDraft
from storage.tables.sign_in import SignInLink, StaffSession

__all__ = [
    "Address",
    "Attachment",
    "Blob",
    "Case",
    "CaseRole",
    "ChannelStatus",
    "Contact",
    "Deadline",
    "EqualityAnswer",
    "Event",
    "FormDraft",
    "Head",
    "Letter",
    "MailboxMessage",
    "Mark",
    "Message",
    "Organisation",
    "Participant",
    "Reminder",
    "Service",
    "SignInLink",
    "Staff",
    "StaffService",
    "StaffSession",
    "Task",
]

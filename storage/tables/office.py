"""Who receives complaints: organisations, their services, addresses and staff."""

from datetime import datetime

from sqlmodel import Field

from storage.tables.row import Row
from storage.types import UtcDateTime

ORGANISATIONS = ("council", "nhs-trust", "housing-association", "department")


class Organisation(Row, table=True):
    """A public body; a parent department has the bodies it oversees below it."""

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    name: str
    kind: str = "council"  # one of ORGANISATIONS
    parent_id: int | None = Field(default=None, foreign_key="organisation.id")
    nation: str = "england-and-wales"
    telephone: str = ""
    postal_address: str = ""
    digest_every: str | None = None  # quarter (None, too); month: each month as well
    digest_day: int | None = None  # on which working day after it the digest goes out; None: the usual one


class Service(Row, table=True):
    """A service people complain about, and the procedure that its complaints follow."""

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    slug: str = Field(unique=True)
    name: str
    procedure: str
    duty_manager_id: int | None = Field(default=None, foreign_key="staff.id")


class Address(Row, table=True):
    """A mailbox of ours: mail to it belongs to this organisation and, if said, this service and procedure."""

    id: int | None = Field(default=None, primary_key=True)
    address: str = Field(unique=True)  # lower case
    organisation_id: int = Field(foreign_key="organisation.id")
    service_id: int | None = Field(default=None, foreign_key="service.id")
    procedure: str | None = None  # of the complaints that come to it; None: their service's own


class Staff(Row, table=True):
    """Someone who works on complaints. Roles: handler, manager, leader, administrator."""

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    email: str = Field(unique=True)  # lower case
    name: str
    role: str = "handler"
    cover_id: int | None = Field(default=None, foreign_key="staff.id")  # gets the reminders too
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class StaffService(Row, table=True):
    """A service that this member of staff works for; a handler sees the cases of these only."""

    __tablename__ = "staff_service"

    staff_id: int = Field(foreign_key="staff.id", primary_key=True)
    service_id: int = Field(foreign_key="service.id", primary_key=True)


class ChannelStatus(Row, table=True):
    """How a channel last fared, for `redress status` and the health page."""

    __tablename__ = "channel_status"

    channel: str = Field(primary_key=True)
    last_ok: datetime | None = Field(default=None, sa_type=UtcDateTime)
    error: str | None = None


class Mark(Row, table=True):
    """A fact about this installation, such as `outgoing_held` after a restore."""

    name: str = Field(primary_key=True)
    value: str = ""
    at: datetime = Field(sa_type=UtcDateTime)

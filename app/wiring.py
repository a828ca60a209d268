"""Which channels there are: how each one's raw input is read. A new channel is one folder and one line here."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from storage.tables import Contact
from workflow.contact import Reading

if TYPE_CHECKING:
    from app.house import House

Read = Callable[[bytes, Contact], Reading]


def readers(house: "House") -> Mapping[str, Read]:
    """Every channel, and how its raw bytes become words."""
    from web.reading import read as read_form

    def email(raw: bytes, contact: Contact) -> Reading:
        return house.reader.read(raw, envelope_sender=contact.envelope.get("mail_from"))

    def form(raw: bytes, _contact: Contact) -> Reading:
        return read_form(raw)

    return {"email": email, "web": form, "telephone": form, "post": form, "in_person": form}

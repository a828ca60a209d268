"""What people in the story do about what becomes of it: choose how to hear, stop, say how it was; by links of ours."""

import re
from collections.abc import Callable, Iterator, Mapping

from app.demo.chats import Chats
from app.demo.mailbox import Mailboxes
from app.demo.story import Deed
from app.demo.visitor import Form, Page, Visitor


class Followers:
    """Everyone who was told of our learning. Blocks while it talks: to be run in a thread."""

    def __init__(self, web: str, mailboxes: Mailboxes, chats: Chats) -> None:
        self._web, self._mailboxes, self._chats = web, mailboxes, chats

    def do(self, deed: Deed) -> None:
        visitor = Visitor(self._web)
        page = DOES[deed.does](self, deed, visitor)
        visitor.close()
        if page.status != 200:
            raise LookupError(f"{page.path} answered {page.status}")

    def choose(self, deed: Deed, visitor: Visitor) -> Page:
        page = visitor.get(self._link(deed, "updates"))
        return visitor.post(_carrying(page, "choose"), deed.given)

    def say_satisfied(self, deed: Deed, visitor: Visitor) -> Page:
        page = visitor.get(self._link(deed, "updates"))
        return visitor.post(_carrying(page, "satisfied"), deed.given)

    def stop(self, deed: Deed, visitor: Visitor) -> Page:
        page = visitor.get(f"{self._link(deed, 'updates')}/stop")
        return visitor.post(page.form("/stop"), {})

    def answer(self, deed: Deed, visitor: Visitor) -> Page:
        """The same answer to every question."""
        link = self._link(deed, "survey")
        form = visitor.get(link).form(link)
        return visitor.post(form, dict.fromkeys(form.asked, deed.given["says"]))

    def _link(self, deed: Deed, kind: str) -> str:
        """The newest link of this kind that was sent to them, by mail or by chat. Raises LookupError."""
        wanted = re.compile(rf"https?://[^/\s]+(/{kind}/[A-Za-z0-9_-]+)")
        for text in self._read(deed, wanted):
            if found := wanted.search(text):
                return found[1]
        raise LookupError(f"{deed.who} has no link to /{kind}")

    def _read(self, deed: Deed, wanted: re.Pattern[str]) -> Iterator[str]:
        if deed.given.get("channel") == "chat":
            yield from self._chats.newest(deed.who)
        else:
            yield self._mailboxes.last(deed.address, lambda kept: bool(wanted.search(kept.text)))[1].text


def _carrying(page: Page, what: str) -> Form:
    """A page can show two forms that go to one address: what each does is a hidden field of it."""
    return next(form for form in page.forms if ("do", what) in form.carried)


DOES: Mapping[str, Callable[[Followers, Deed, Visitor], Page]] = {
    "chooses_updates": Followers.choose,
    "stops_updates": Followers.stop,
    "says_satisfied": Followers.say_satisfied,
    "answers_survey": Followers.answer,
}

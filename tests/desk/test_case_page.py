"""The case page: everything about one case, in plain words, with only the actions that are allowed now."""

import html
import re

from tests.desk.office import ACKNOWLEDGED, Desk, act, send_letter
from tests.workflow.acts import answered

PARTS = """\
From: Jo Bloggs <jo@citizen.example>\r
To: housing@town.example\r
Subject: <script>alert(1)</script>\r
Message-ID: <p1@citizen.example>\r
Content-Type: text/plain; charset=utf-8\r
\r
The gate is <b>broken</b>.\r
\r
On Mon, 1 Dec 2025 at 10:00, Town Homes <housing@town.example> wrote:\r
> We will mend it soon.\r
"""


def page_of(the_desk: Desk, reference: str | None, name: str = "hana") -> str:
    answer = the_desk.as_(name).get(f"/desk/cases/{reference}")
    assert answer.status_code == 200
    return answer.text


def test_the_story_is_told_in_plain_words_latest_first(the_desk: Desk) -> None:
    reference = the_desk.town.mail("The gate is broken.") or ""
    client = the_desk.as_("hana")
    act(client, reference, "assign", to="hana@town.example", role="handler")
    act(client, reference, "converse", said="She is at home on Mondays.", **{"with": "Jo"})

    story = client.get(f"/desk/cases/{reference}").text.partition('id="story"')[2]
    told = re.findall(r'desk-story__what">([^<]+)<', story)

    assert told == ["Conversation with Jo", "Assigned to Hana as handler", "Complaint received by email"]
    assert "She is at home on Mondays." in story


def test_the_story_says_who_was_reminded_and_who_was_told_that_it_is_late(the_desk: Desk) -> None:
    reference = the_desk.town.mail("The gate is broken.") or ""
    the_desk.town.do(reference, "assign", to="hana@town.example")
    the_desk.town.tick("2025-12-29 09:00")
    the_desk.town.tick("2025-12-30 09:00")

    story = page_of(the_desk, reference, "mina").partition('id="story"')[2]

    assert re.search(r"Reminder: [^<]+, by 29 December 2025. Told Mina", story)
    assert re.search(r"Late: [^<]+, due 29 December 2025. Told Mina", story)


def test_the_story_of_an_urgent_case_says_whom_the_alarm_told(the_desk: Desk) -> None:
    reference = the_desk.town.mail("I want to kill myself.")
    the_desk.town.tick("2025-12-18 20:00")

    story = page_of(the_desk, reference, "mina").partition('id="story"')[2]

    assert "nobody has looked at the danger yet: told Lena" in story


def test_every_event_that_a_verb_may_write_has_words_of_its_own() -> None:
    from desk.words import said
    from workflow.casework import VERBS
    from workflow.happenings import GENERAL, OF_A_STAGE

    written = {name for verb in VERBS.values() for name in verb.events if " " not in name}
    known = set(said()["event"])

    missing = {name for name in written | set(GENERAL) if name not in known and name.rpartition(".")[2] not in known}

    assert missing == set()
    assert set(OF_A_STAGE) <= known


def test_each_date_explains_how_it_is_counted(the_desk: Desk) -> None:
    reference = the_desk.town.mail("The gate is broken.")

    dates = page_of(the_desk, reference).partition('id="dates"')[2].partition("</section>")[0]

    assert "Monday 29 December 2025" in dates  # five working days from 18 December, over Christmas
    assert "Christmas Day" in html.unescape(dates)
    assert "Complaint Handling Code" in html.unescape(dates)


def test_words_of_strangers_are_shown_and_never_obeyed(the_desk: Desk) -> None:
    reference = the_desk.town.arrive(PARTS.encode(), to="housing@town.example")

    page = page_of(the_desk, reference)

    assert "<script>alert" not in page
    assert "The gate is &lt;b&gt;broken&lt;/b&gt;." in page


def test_the_new_words_stand_first_and_the_quoted_ones_behind(the_desk: Desk) -> None:
    reference = the_desk.town.arrive(PARTS.encode(), to="housing@town.example")

    message = page_of(the_desk, reference).partition('id="messages"')[2].partition("</article>")[0]
    first, _, behind = message.partition("<details")

    assert "The gate is" in first
    assert "We will mend it soon." not in first
    assert "We will mend it soon." in behind


def test_safe_contact_choices_are_striking(the_desk: Desk) -> None:
    client = the_desk.as_("hana")
    page = client.get("/desk/new")
    once = re.findall(r'name="once" value="([^"]+)"', page.text)[0]
    answers = {
        "once": once, "channel": "telephone", "received_on-day": "18", "received_on-month": "12",
        "received_on-year": "2025", "service": "repairs", "about": "self", "what": "The gate is broken.",
        "when": "Monday", "name": "Jo Bloggs", "email": "jo@citizen.example", "telephone": "01632 960 111",
        "avoid": "telephone", "safe_note": "Never leave a message.", "prefers": "email",
    }  # fmt: skip
    home = client.post("/desk/new", data=answers).headers["location"]

    people = client.get(home).text.partition('id="people"')[2].partition("</section>")[0]

    assert "Do not contact them by telephone." in people
    assert "(not safe)" in people
    assert "Never leave a message." in people


def test_channels_have_the_names_that_people_give_them(the_desk: Desk) -> None:
    reference = the_desk.town.mail("The gate is broken.") or ""
    person = the_desk.town.person(reference)
    person.chat, person.prefers, person.avoid = "telegram:1001", "telegram", ["telegram", "in_person"]
    the_desk.town.change(person)

    people = page_of(the_desk, reference).partition('id="people"')[2].partition("</section>")[0]

    assert re.findall(r"<dd[^>]*>([^<]+)</dd>", people)[-2:] == ["Telegram", "Telegram"]
    assert "Do not contact them by Telegram or by in person." in people


def test_only_what_may_be_done_now_is_a_button_and_the_rest_says_why_not(the_desk: Desk) -> None:
    reference = the_desk.town.mail("The gate is broken.")

    actions = page_of(the_desk, reference).partition('id="actions"')[2].partition("</section>")[0]
    buttons, _, why_not = html.unescape(actions).partition("<details")

    assert f"/desk/cases/{reference}/do/acknowledge" in buttons
    assert "/do/respond" not in actions
    assert re.search(r"<dt>Answer</dt><dd>\w+", why_not)
    assert "Only a manager or leader can do this." in why_not


def test_a_letter_that_has_not_left_can_be_taken_back_from_the_case_page(the_desk: Desk) -> None:
    reference = the_desk.town.mail("The gate is broken.") or ""
    client = the_desk.as_("hana")
    home = send_letter(client, reference, "acknowledge", **ACKNOWLEDGED).headers["location"]
    page = client.get(home).text
    form = page.partition('action="/desk/cases/' + reference + '/do/recall_letter"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'name="([a-z_]+)" value="(\d+)"', form))

    answer = client.post(f"/desk/cases/{reference}/do/recall_letter", data=fields)

    assert "Acknowledge: the letter goes out at 9:01am." in page
    assert "goes out at 9:01am.</p>" in page
    assert answer.status_code == 303
    assert "acknowledgement" not in [one.kind for one in the_desk.town.send()]
    assert "Taken back" in client.get(f"/desk/cases/{reference}").text


def test_a_letter_that_has_left_cannot_be_taken_back(the_desk: Desk) -> None:
    reference = the_desk.town.mail("The gate is broken.") or ""
    client = the_desk.as_("hana")
    send_letter(client, reference, "acknowledge", **ACKNOWLEDGED)

    the_desk.town.send()
    page = client.get(f"/desk/cases/{reference}").text

    assert "Take it back" not in page
    assert "Acknowledgement sent" in page


def test_an_urgent_case_says_so_on_top(the_desk: Desk) -> None:
    reference = the_desk.town.mail("I want to kill myself.")

    page = page_of(the_desk, reference)

    assert "This case speaks of harm to themselves." in page.partition('id="dates"')[0]


def test_the_task_to_read_what_they_wrote_leads_to_it(the_desk: Desk) -> None:
    reference = the_desk.town.mail("The gate is broken.") or ""
    the_desk.town.reply(reference, "It is worse now.")

    page = page_of(the_desk, reference)
    found = re.search(r'href="#(contact-\d+)">What Jo Bloggs wrote, 18 December 2025', page)

    assert found
    assert f'id="{found[1]}"' in page


def test_what_stage_1_decided_stays_to_be_read_when_stage_2_decides_otherwise(the_desk: Desk) -> None:
    town, by = the_desk.town, "mina@town.example"
    reference = town.mail("There is damp.") or ""
    answered(town, reference)
    town.do(reference, "request_stage", because="She rang.")
    town.do(reference, "accept_request", by=by)
    town.do(reference, "decide", by=by, outcome="not_upheld", reasons="We came the day after.")

    page = html.unescape(page_of(the_desk, reference, "mina"))

    heads, story = page.partition('id="heads"')[2].split("</section>")[0], page.partition('id="story"')[2]
    assert re.findall(r"<strong>(Upheld|Not upheld)</strong> \([^,]+, (Stage \d)", heads) == [
        ("Not upheld", "Stage 2"),
        ("Upheld", "Stage 1"),
    ]
    assert heads.index("We came the day after.") < heads.index("Before that:") < heads.index("We waited too long.")
    assert re.findall(r'what">(Decision[^<]+)<', story) == [
        "Decision at Stage 2 (final response): not upheld. Damp",
        "Decision at Stage 1: upheld. Damp (remedy: £50, today)",
    ]
    assert "We waited too long." in story


def test_the_same_complaint_made_twice_is_pointed_out_on_both_cases(the_desk: Desk) -> None:
    first = the_desk.town.mail("The gate is broken.")
    second = the_desk.town.mail("The gate is broken.")
    other = the_desk.town.mail("The lift is out.")

    pages = {reference: page_of(the_desk, reference) for reference in (first, second, other)}

    assert re.search(rf"Possible duplicate:.*{second}", pages[first])
    assert re.search(rf"Possible duplicate:.*{first}", pages[second])
    assert "Possible duplicate" not in pages[other]


def test_a_duplicate_that_one_may_not_see_is_not_pointed_out(the_desk: Desk) -> None:
    first = the_desk.town.mail("The gate is broken.")
    second = the_desk.town.mail("The gate is broken.")
    the_desk.town.do(second, "name_staff", who="hana@town.example", by="mina@town.example")

    assert str(second) not in page_of(the_desk, first, "hana")
    assert str(second) in page_of(the_desk, first, "mina")

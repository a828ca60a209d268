"""How mail programs announce quoted history, in the languages that residents of Britain write in."""

import re

# "On 3 March 2026, Jo Bloggs <jo@example.org> wrote:" and its kin. A line that may announce a quotation …
OPENS = re.compile(
    r"(on|le|am|op|il|em|el|den|på|in data|w dniu|dnia|vào|ar|ddydd|pada|dne|a)\b|"
    r"\d|(mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|jeu|ven|sam|dim|tir|ons|tor|fre|lør|søn|ma|ti|ke|to|pe|la|su)\w*[.,]?\s|"
    r"(пн|вт|ср|чт|пт|сб|вс)[,.]?\s",
    re.IGNORECASE,
)
# … and the words it ends with, before or after the writer's name.
_WROTE = (
    r"(?:you )?wrote|sent|writes|a écrit|ha scritto|escreveu|escribió|napisał(?:\(a\)|a)?|skrev|kirjoitti|schreef|"
    r"het volgende geschreven|geschreven|schrieb|написал\w*|пишет|đã viết|(?:a )?ysgrifennodd(?: \w+)?|scrise"
)
ENDS_WROTE = re.compile(rf"(?:{_WROTE})\s*:\s*$", re.IGNORECASE)
ENDS_WROTE_BARE = re.compile(rf"(?:{_WROTE})\s*-*\s*$", re.IGNORECASE)
YOU_WROTE = re.compile(r"\byou wrote\s*:\s*$", re.IGNORECASE)
# "I wrote to the council:" is the person speaking, not their mail program.
PERSON_WROTE = re.compile(r"\b(?:I|we|he|she|they|who)(?:['’]\w+)?\s+(?:\w+\s+)?(?:wrote|sent|writes)\b")
ENDS_WITH_ADDRESS = re.compile(r"[<(\[][^<>()\[\]]{0,200}@[^<>()\[\]]{1,200}[>)\]]{1,2}\s*:$")
WROTE_NAME = re.compile(rf"\b(?:{_WROTE})\b.{{1,200}}:\s*$", re.IGNORECASE)

# The last line of an announcement that was broken inside the address: "> wrote:"
ENDS_ADDRESS = re.compile(rf">\s*(?:{_WROTE})?\s*:\s*", re.IGNORECASE)

# Something that only a date or a time of day has.
MOMENT = re.compile(
    r"\d{1,2}[:.]\d\d|\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|\d{1,2}[-. ]\w{3,12}[-., ]+\d{4}|\w{3,12} \d{1,2},? \d{4}"
)
ADDRESS = re.compile(r"[\w.+=~'-]{1,80}@[\w.-]{1,120}")

# "---- On Monday Jo wrote ----"
DASHED_WROTE = re.compile(rf"-{{2,}}.{{1,300}}\b(?:{_WROTE})\s*-{{2,}}", re.IGNORECASE)
# "-----Original Message-----"
ORIGINAL = re.compile(
    r"[-_=* ]{2,}\s*(?:original message|original mail|reply message|ursprüngliche nachricht|antwort nachricht|"
    r"oprindelig meddelelse|oprindelig besked|message d['’]origine|message original|mensaje original|mensagem original|"
    r"messaggio originale|oorspronkelijk bericht|ursprungligt meddelande|wiadomość oryginalna|исходное сообщение|"
    r"neges wreiddiol|e-bost gwreiddiol)\s*:?\s*[-_=* ]*",
    re.IGNORECASE,
)
FORWARDED = re.compile(
    r"[-_=* >]*\s*(?:(?:begin )?forwarded message|forwarded by|message transféré|weitergeleitete nachricht|"
    r"neges a anfonwyd ymlaen|neges wedi'i hanfon ymlaen)\b.{0,60}",
    re.IGNORECASE,
)
FORWARDED_SUBJECT = re.compile(r"(?:re:\s*)*(?:fwd?|wg|tr|ymlaen)\s*:", re.IGNORECASE)
# The line our own letters carry, in English and Welsh.
MARKER = re.compile(
    r"\W*(?:please )?(?:reply|type your reply|write your reply|atebwch|ysgrifennwch eich ateb)\b.{0,20}\b"
    r"(?:above|uwchben) (?:this line|y llinell hon|y llinell yma)\b.{0,120}",
    re.IGNORECASE,
)

# The block of headers that Outlook and others put above the old message: what each line begins with.
_FROM = r"from|von|de|da|van|fra|från|od|от|oddi wrth|o"
_WHEN = (
    r"sent|date|gesendet|datum|envoyé(?: le)?|inviato|verzonden|sendt|dato|skickat|data|wysłano|"
    r"anfonwyd|dyddiad|отправлено"
)
_TO = r"to|an|à|a|aan|til|till|do|para|at|кому"
_SUBJECT = r"subject|betreff|objet|sujet|oggetto|onderwerp|emne|ämne|temat|asunto|assunto|pwnc|тема"
_OTHER = r"cc|reply-to|message du|importance|copie à"
_FIELDS = {"from": _FROM, "when": _WHEN, "to": _TO, "subject": _SUBJECT, "other": _OTHER}
_NAMES = "|".join(f"(?P<{name}>{words})" for name, words in _FIELDS.items())
HEADER_LINE = re.compile(
    r"[\s>*_]*(?:" + _NAMES + r")\s?\*?\s*:\*?(?P<value>.*)",
    re.IGNORECASE,
)
HEADERS_IN_LINE = re.compile(rf"\b(?:{_FROM})\s?:.{{1,200}}@.{{1,200}}\b(?:{_WHEN}|{_TO})\s?:", re.IGNORECASE)
RULE = re.compile(r"\s*(?:[-_=*–—]\s?){3,}\s*")

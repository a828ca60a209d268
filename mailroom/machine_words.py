"""The names, subjects and sentences by which machines that send mail give themselves away."""

import re


def _any_of(*words: str, before: str = "", after: str = "") -> re.Pattern[str]:
    return re.compile(f"{before}(?:{'|'.join(words)}){after}", re.IGNORECASE)


# No person's mailbox is called like this …
DAEMON = _any_of(
    r"mailer[-_.]?daemon",
    r"mail[-_.]?daemon",
    r"mdaemon",
    r"mail[-_]?delivery[-_]?(?:system|subsystem)",
    r"microsoftexchange[0-9a-f]+",
    after=r"(?:[@+]|$)",
)
# … but a person's, or a web form's, may be called like that.
MAIL_SERVER = _any_of(
    r"daemon",
    r"postmaster",
    r"maildelivery",
    r"mailsystem",
    r"bounces?",
    r"bounce-?notification",
    r"delivery-?status",
    r"postoffice",
    after=r"\W*(?:[@+]|$)",
)

FAILED_SUBJECT = _any_of(
    r"undeliver(?:able|ed)\b",
    r"(?:mail |message )?deliver(?:y|ing) (?:has )?(?:been )?(?:fail|status|problem|error|delay|report|notif|warn)",
    r"returned mail",
    r"mail (?:delivery )?(?:failure|system error|error$)",
    r"failure notice",
    r"message (?:delayed|not delivered)",
    r"warning: (?:could not send|message)",
    r"non[ -]?deliver",
    r"could not (?:deliver|send) (?:mail|message)",
    r"mail (?:could )?not (?:be )?delivered",
    r"mail returned",
    r"unzustellbar",
    r"no se puede entregar",
    r"échec (?:de (?:la )?)?(?:remise|distribution)",
    before=r"\W*",
)
CREATED_BY_A_MACHINE = _any_of(
    r"this (?:message|report|e-?mail) (?:was|is|has been) (?:created|generated) automatically by (?:the )?mail",
    r"this is an automatically generated delivery",
)
FAILED = _any_of(
    r"delivery has failed to these recipients",
    r"did not reach (?:some or all of )?the (?:intended|following) recipient",
    r"(?:could not|cannot|couldn't|wasn't|was not) be(?:en)? delivered to",
    r"(?:wasn't|was not) delivered to",
    r"undeliver(?:able|ed) to",
    r"permanent (?:fatal )?errors?",
    r"(?:unable to|could not) deliver (?:your |the )?(?:mail|message)",
    r"delivery to the following",
    r"user (?:unknown|doesn't exist)",
    r"no such (?:user|mailbox)",
    r"mailbox (?:unavailable|not found|full)",
    r"over quota|quota exceeded",
    r"address (?:not found|rejected)",
    r"(?:recipient rejected|invalid recipient)",
    r"failed (?:permanently|addresses)",
    r"returned to sender",
    r"is no longer (?:valid|in use)",
    r"not our customer",
    r"doesn't have (?:a|an) .{1,40} account",
    r"message could not be delivered",
    r"delivery failed",
    r"no se pudo entregar",
    r"konnte nicht zugestellt werden",
    r"n'a pas pu être (?:remis|distribué)",
)
FAILED_FOR_NOW = _any_of(
    r"will (?:continue to|keep) try",
    r"still trying",
    r"has not yet been delivered",
    r"delivery (?:is |has been )?delayed",
    r"temporar(?:y|ily)",
    r"warning message only",
    r"will be retried",
    r"do not need to resend",
)

# "Out of office: …" but not "Out of office hours nobody answers".
_MARK = r"\s*(?:[:\]–—-]|$)"
AUTO_SUBJECT = _any_of(
    rf"auto(?:mat(?:ic|ed))?[ -]?(?:reply|response|answer|responder)(?:{_MARK}|\s*from\b)",
    rf"out of (?:the )?office(?:{_MARK}|\s*auto|\s*reply)",
    rf"ateb(?:iad)? awtomatig{_MARK}",
    rf"allan o['’]r swyddfa{_MARK}",
    r"réponse automatique\s*:",
    r"automatische antwort\s*:",
    r"abwesenheits(?:notiz|nachricht)",
    r"respuesta automática\s*:",
    r"risposta automatica\s*:",
    r"automatisch antwoord\s*:",
    r"autosvar\s*:",
    r"automatyczna odpowiedź\s*:",
    r"resposta automática\s*:",
    r"răspuns automat\s*:",
    r"автоответ",
    before=r"\W*",
)
AWAY_SUBJECT = _any_of(
    r"away",
    r"out of (?:the )?office",
    r"on (?:annual |maternity |sick )?leave",
    r"allan o['’]r swyddfa",
    before=r"\W*(?:re:\s*)?(?:i am |i'm |we are )?",
    after=r"\b",
)
DMARC_SUBJECT = _any_of(r"report domain:", r".{0,40}\bdmarc (?:aggregate )?report\b", before=r"\W*")

"""What became of an attempt, in words for people (the codes are those of agencies/channels/)."""

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

Words = str | Promise

WORDS: dict[str, Words] = {
    "sent": _("sent"),
    "timeout": _("no answer in time"),
    "unreachable": _("not reachable"),
    "no_address": _("its name is not known to the network"),
    "tls": _("no trusted connection"),
    "redirect": _("it points to another address, which is never followed"),
    "too_long": _("its answer is too long"),
    "bad_answer": _("its answer is not understood"),
    "rate_limited": _("too many messages in a minute"),
    "busy": _("busy"),
    "refused": _("refused by the other side"),
    "bad_address": _("the address is not valid"),
    "login_failed": _("the mail server refuses our login"),
    "not_configured": _("not set up on this server"),
    "not_allowed": _("this server may not call that address"),
    "sealed": _("the stored token cannot be opened with the key of this server"),
}
# Why an address may not be called: the words of channels/addresses.py.
WHY: dict[str, Words] = {
    "the host is not listed in WEBHOOK_HOSTS": _(
        "The host is not on the list of this server (WEBHOOK_HOSTS): ask who runs it."
    ),
    "http is only for hosts in WEBHOOK_PRIVATE_HOSTS": _(
        "Without https only hosts within the county's network may be called."
    ),
    "the host points to an address that is not public": _(
        "The host lies within the network of this server, which is not allowed for it."
    ),
}


def words(status: str) -> Words:
    """ "sent", "not reachable", "answer 503", or the code itself."""
    if status.startswith("http_"):
        return format_lazy(_("it answers with error {code}"), code=status.removeprefix("http_"))
    return WORDS.get(status, status)


def why_not(detail: str) -> Words:
    """Why a host may not be called."""
    return WHY.get(detail, _("This is no address of a robot: it begins with https://"))

"""Mail by Django's backend, with the answers of the mail server turned into outcomes."""

import hashlib
import smtplib
import ssl
from contextlib import closing
from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email

from agencies.channels.base import Message, Outcome, later, never, sent

SMTP = "django.core.mail.backends.smtp.EmailBackend"


def is_configured() -> bool:
    """There is a mail server, or another way than SMTP."""
    return bool(settings.EMAIL_HOST) or settings.EMAIL_BACKEND != SMTP


def send(address: str, message: Message) -> Outcome:
    """One mail to one address; each step of the connection waits settings.EMAIL_TIMEOUT seconds."""
    if not is_configured():
        return never("not_configured", "no mail server")
    try:
        validate_email(address)
        # closing: Django leaves the connection open when the login is refused.
        with closing(get_connection()) as connection:
            connection.send_messages([_mail(address, message)])
    except smtplib.SMTPException as error:
        return _refused(error)
    except ssl.SSLError:
        return later("tls", "no trusted connection")
    except TimeoutError:
        return later("timeout")
    except OSError:
        return later("unreachable")
    except (ValidationError, ValueError):
        return never("bad_address")
    return sent()


def notice_id(message: Message) -> str:
    """The same for each attempt at one notice, and says nothing about it."""
    return hashlib.sha256(message.dedupe.encode()).hexdigest()[:32]


def _mail(address: str, message: Message) -> EmailMessage:
    notice = notice_id(message)
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return EmailMessage(
        subject=" ".join(message.subject.split()),
        body=message.body,
        to=[address],
        headers={
            "Message-ID": f"<{notice}@{domain}>",
            "X-Notice-Id": notice,
            "Auto-Submitted": "auto-generated",  # RFC 3834: no holiday notice in return
        },
    )


def _refused(error: smtplib.SMTPException) -> Outcome:
    """4xx passes, 5xx stays (RFC 5321 4.2.1); a wrong login is ours, not the message's."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return later("login_failed")
    if isinstance(error, smtplib.SMTPServerDisconnected):
        # smtplib names a timeout after the connection stands a broken connection.
        return later("timeout" if isinstance(error.__context__, TimeoutError) else "unreachable")
    codes = _codes(error)
    if not codes:
        return never("refused")
    temporary = any(400 <= code < 500 for code in codes)
    return (later if temporary else never)("refused", f"SMTP {codes[0]}")


def _codes(error: smtplib.SMTPException) -> list[int]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _words in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []

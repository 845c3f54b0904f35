"""Ways out of the system: mail by SMTP; short messages and the unit's own platform by signed HTTP.

Every carrier is given the message's id: who receives the same id twice drops the second.
"""

import hmac
import os
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import formatdate
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import orjson

from app.settings import Settings
from core.clock import iso
from core.errors import BadInputError, OneMapError
from core.texts import Text
from core.units import Second
from store.identity.messages import Channel

PATIENCE: Second = 10.0
SINK = "sink:"
"""In place of an address: into a file, to nobody."""
OUTBOX = "outbox"
AGAIN = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)
"""Refusals of a moment; every other 4xx is for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One message ready to travel, in the reader's language; `attached` is a CAP message, for mail alone."""

    id: str
    to: str
    title: str
    text: str
    link: str
    at: datetime
    attached: tuple[str, bytes] | None = None


class NotTakenError(OneMapError):
    """The carrier did not take it; `for_good` when asking again would not help."""

    code = "not-taken"
    status = 502

    def __init__(self, text: Text, *, for_good: bool = False) -> None:
        super().__init__(text)
        self.for_good = for_good


class Carrier(Protocol):
    """One way out."""

    def send(self, parcel: Parcel) -> None:
        """Hand it over. Raises NotTakenError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """SMTP: `smtps://` under TLS from the start, `smtp://` with STARTTLS, which only the loopback may do without."""

    url: str
    sender: str

    def send(self, parcel: Parcel) -> None:
        """One mail. Raises NotTakenError."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, parcel.to, parcel.title
        mail["Date"] = formatdate(parcel.at.timestamp())
        mail["Message-ID"] = f"<{parcel.id}@{self.sender.partition('@')[2] or 'onemap'}>"
        mail.set_content(f"{parcel.text}\n\n{parcel.link}\n")
        if parcel.attached is not None:
            name, body = parcel.attached
            mail.add_attachment(body, maintype="application", subtype="cap+xml", filename=name)
        try:
            with self._opened() as server:
                server.send_message(mail)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
            for_good = isinstance(error, smtplib.SMTPRecipientsRefused) and all(
                code >= 500 for code, _ in error.recipients.values()
            )
            raise NotTakenError(
                _failed("邮件服务器拒收", "the mail server refused it", error), for_good=for_good
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotTakenError(_failed("邮件服务器不可用", "the mail server cannot be reached", error)) from error

    def _opened(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host, under_tls = parts.hostname or "localhost", ssl.create_default_context()
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=PATIENCE, context=under_tls)
        else:
            server = smtplib.SMTP(host, parts.port or 25, timeout=PATIENCE)
            if host not in ("localhost", "127.0.0.1", "::1"):
                server.starttls(context=under_tls)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        return server


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Signed JSON to one address of the operator's: a gateway of short messages, or the unit's message platform.

    `X-OneMap-Signature` is the HMAC-SHA256 of `X-OneMap-Time`, a full stop and the body; redirects are not followed.
    """

    url: str
    secret: str

    def send(self, parcel: Parcel) -> None:
        """One POST. Raises NotTakenError."""
        import httpx

        body = orjson.dumps({
            "id": parcel.id, "to": parcel.to, "title": parcel.title, "text": parcel.text, "link": parcel.link,
            "at": iso(parcel.at),
        })  # fmt: skip
        stamp = iso(parcel.at)
        signed = hmac.new(self.secret.encode(), f"{stamp}.".encode() + body, sha256).hexdigest()
        headers = {
            "content-type": "application/json", "idempotency-key": parcel.id, "x-onemap-time": stamp,
            "x-onemap-signature": f"sha256={signed}",
        }  # fmt: skip
        try:
            answer = httpx.post(self.url, content=body, headers=headers, timeout=PATIENCE, trust_env=False)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NotTakenError(_failed("消息网关不可用", "the gateway cannot be reached", error)) from error
        if not answer.is_success:
            status = answer.status_code
            for_good = answer.is_client_error and status not in AGAIN
            raise NotTakenError(
                Text(f"消息网关回答 {status}", f"the gateway answered {status}"), for_good=for_good
            )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sink:
    """A test sink: what would have gone out is a line of a file in the data folder, and nothing leaves the machine."""

    file: Path

    def send(self, parcel: Parcel) -> None:
        """One line of JSON, written whole. Raises NotTakenError."""
        line = orjson.dumps({
            "id": parcel.id, "to": parcel.to, "title": parcel.title, "text": parcel.text, "link": parcel.link,
            "at": iso(parcel.at), **({"attached": parcel.attached[0]} if parcel.attached else {}),
        }, option=orjson.OPT_APPEND_NEWLINE)  # fmt: skip
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with open(self.file, "ab", opener=_private) as kept:
                kept.write(line)
        except OSError as error:
            raise NotTakenError(_failed("测试接收端不可写", "the test sink cannot be written", error)) from error


def is_sink(url: str) -> bool:
    """Messages of this channel go into a file, to nobody."""
    return url == SINK


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def carriers(settings: Settings) -> dict[Channel, Carrier]:
    """The ways the operator has set up. Raises BadInputError for a setting that cannot be."""
    found: dict[Channel, Carrier] = {}
    mail = settings.mail_url.get_secret_value()
    if is_sink(mail):
        found[Channel.MAIL] = Sink(file=settings.data / OUTBOX / "mail.jsonl")
    elif mail:
        if urlsplit(mail).scheme not in ("smtp", "smtps") or "@" not in settings.mail_from:
            raise BadInputError(
                Text(
                    "ONEMAP_MAIL_URL 应为 smtp:// 或 smtps:// 地址,ONEMAP_MAIL_FROM 应为邮箱",
                    "ONEMAP_MAIL_URL must be smtp:// or smtps://, ONEMAP_MAIL_FROM an address of mail",
                ),
                field="mail_url",
            )
        found[Channel.MAIL] = Mail(url=mail, sender=settings.mail_from)
    for channel, url, secret in (
        (Channel.SMS, settings.sms_url, settings.sms_secret),
        (Channel.WEBHOOK, settings.webhook_url, settings.webhook_secret),
    ):
        if is_sink(url):
            found[channel] = Sink(file=settings.data / OUTBOX / f"{channel.value}.jsonl")
        elif url:
            found[channel] = Post(url=url, secret=secret.get_secret_value())
    return found


def _failed(zh: str, en: str, error: Exception) -> Text:
    return Text(f"{zh}({type(error).__name__})", f"{en} ({type(error).__name__})")

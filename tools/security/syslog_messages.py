"""What one message of an authentication log says: which account came from where, and whether it was let in.

Patterns are anchored at the begin of the message and read names greedily: the name of a user comes from outside, and
``x from 9.9.9.9 port 1 ssh2`` is a name that somebody may try. What fits no pattern is ``other``, and never a failure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

LOGIN, OTHER, DETAIL = "login", "other", "login_detail"
ACCOUNT_CREATED = "account_created"
SESSION_OPEN, SESSION_CLOSE, CONNECTION = "session_open", "session_close", "connection"
_MAPPED_V4 = "::ffff:"
# Where an opened session is the only word of a login; su, cron and systemd open sessions of their own accord.
_LOGIN_PROGRAMS = frozenset({"sshd", "login", "remote", "gdm", "lightdm", "ftp", "vsftpd"})


@dataclass(frozen=True)
class Meaning:
    """What a message says.

    Attributes:
        action: ``login``, ``login_detail`` (a second word about an attempt), ``session_open``, … or ``other``.
        success: None where it does not say.
        account, origin: As named in the message; None where it names none.
        count: Attempts that the message speaks of.
        source: ``pam`` or ``daemon``: two programs report the same attempt, and it counts once.
    """

    action: str = OTHER
    success: bool | None = None
    account: str | None = None
    origin: str | None = None
    count: int = 1
    source: str = ""


_Maker = Callable[[Mapping[str, str | None]], Meaning]


def _failure(found: Mapping[str, str | None], source: str = "daemon") -> Meaning:
    count = int(found.get("count") or 1)
    return Meaning(
        LOGIN, success=False, account=found.get("user"), origin=found.get("origin"), count=count, source=source
    )


def _pam_failure(found: Mapping[str, str | None]) -> Meaning:
    return _failure(found, "pam")


def _success(found: Mapping[str, str | None]) -> Meaning:
    return Meaning(LOGIN, success=True, account=found.get("user"), origin=found.get("origin"), source="daemon")


def _of(action: str) -> _Maker:
    def make(found: Mapping[str, str | None]) -> Meaning:
        return Meaning(action, account=found.get("user"), origin=found.get("origin"))

    return make


_PAM_FIELDS = r"logname=\S* uid=\S* euid=\S* tty=\S* ruser=.*? rhost=(?P<origin>\S*)\s*(?: user=(?P<user>.*?))?\s*"
_FROM = r"from (?P<origin>\S+)(?: port \d+)?(?: ssh\d?)?"
_PATTERNS: tuple[tuple[re.Pattern[str], _Maker], ...] = tuple(
    (re.compile(pattern), maker)
    for pattern, maker in (
        (rf"authentication failure; {_PAM_FIELDS}$", _pam_failure),
        (rf"(?:PAM )?(?P<count>\d{{1,6}}) more authentication failures?; {_PAM_FIELDS}$", _pam_failure),
        (rf"Failed none for (?:(?:invalid|illegal) user )?(?P<user>.*) {_FROM}(?:: .*)?$", _of(DETAIL)),
        (rf"Failed \S+ for (?:(?:invalid|illegal) user )?(?P<user>.*) {_FROM}(?:: .*)?$", _failure),
        (rf"Accepted \S+ for (?P<user>.*) {_FROM}(?:: .*)?$", _success),
        (r"Authentication failed from (?P<origin>\S+)(?: \(.*\))?(?:: .*)?\s*$", _failure),
        (r"ANONYMOUS FTP LOGIN FROM (?P<origin>[^\s,]+),?\s+\((?P<user>.*)\)\s*$", _success),
        (r"FAILED LOGIN \(?(?P<count>\d{1,6})\)? FROM (?P<origin>\S+) FOR (?P<user>.*?)(?:, .*)?$", _failure),
        (r"FAILED SU \(to (?P<user>.*)\) .*$", _failure),
        (r"\s*(?P<user>\S+) : (?P<count>\d{1,6}) incorrect password attempts? ;.*$", _failure),
        (r"check pass; user unknown\s*$", _of(DETAIL)),
        (rf"(?:Invalid|Illegal|input_userauth_request: invalid) user (?P<user>.*?)(?: {_FROM})?\s*$", _of(DETAIL)),
        (r"Kerberos authentication failed\s*$", _of(DETAIL)),
        (r"session opened for user (?P<user>.+?)(?:\(uid=\d+\))? by .*$", _of(SESSION_OPEN)),
        (r"session closed for user (?P<user>.+?)\s*$", _of(SESSION_CLOSE)),
        (r"new (?:user|account)(?: added)?: (?:name|account)=(?P<user>.+?)(?:, .*)?$", _of(ACCOUNT_CREATED)),
        (r"(?:Connection|connection) from (?P<origin>\S+)(?: .*)?$", _of(CONNECTION)),
    )
)
_PAM_PREFIX = re.compile(r"pam_unix\([^)]*\): ")


def read_message(program: str, text: str) -> Meaning:
    """The meaning of a message by the program that wrote it.

    Args:
        program: Such as ``sshd`` or ``sshd(pam_unix)``.
        text: The message without its stamp and tag; untrusted.

    >>> read_message("sshd", "Failed password for root from 10.0.0.9 port 4711 ssh2").origin
    '10.0.0.9'
    """
    body = _PAM_PREFIX.sub("", text, count=1) if text.startswith("pam_unix(") else text
    for pattern, maker in _PATTERNS:
        match = pattern.match(body)
        if match:
            return _tidy(maker(match.groupdict()), program)
    return Meaning()


def _tidy(meaning: Meaning, program: str) -> Meaning:
    origin = meaning.origin or None
    if origin and origin.lower().startswith(_MAPPED_V4) and "." in origin:
        # one machine, written as IPv4 or as IPv6 by the same daemon
        origin = origin[len(_MAPPED_V4) :]
    success = meaning.success
    if meaning.action == SESSION_OPEN and program.partition("(")[0] in _LOGIN_PROGRAMS:
        success = True
    return replace(meaning, account=meaning.account or None, origin=origin, success=success)

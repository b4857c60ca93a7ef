"""Posts JSON to a listed host: no redirects, no inner addresses, a deadline, a small answer."""

from collections.abc import Mapping
from typing import Any

import requests
from urllib3.exceptions import HTTPError, ReadTimeoutError

from agencies.channels import line
from agencies.channels.addresses import NoAddress, NotAllowed, check
from agencies.channels.base import Outcome, later, never
from agencies.channels.exchange import Reply, Request, Timeouts, exchange

TRY_AGAIN = frozenset({408, 425, 429})  # of the answers 4xx; every 5xx too (RFC 9110 15.5, 15.6)


TIMEOUTS = Timeouts()


def post_json(
    url: str,
    body: Mapping[str, Any],
    *,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: Timeouts = TIMEOUTS,
) -> dict[str, Any] | Outcome:
    """The JSON object of a good answer (2xx), or why there is none."""
    reply = post(Request(url, body, params, headers), timeout)
    return reply if isinstance(reply, Outcome) else content_of(reply)


def content_of(reply: Reply) -> dict[str, Any] | Outcome:
    """The JSON object of a reply 2xx; every other reply is an Outcome."""
    if not 200 <= reply.status < 300:
        again = reply.status >= 500 or reply.status in TRY_AGAIN
        return (later if again else never)(f"http_{reply.status}")
    if reply.content is None:
        return later("bad_answer", "not a JSON object")
    return reply.content


def post(request: Request, timeout: Timeouts = TIMEOUTS) -> Reply | Outcome:
    """The reply, also with 4xx and 5xx, or why there is none. It never raises for the network."""
    call = line.Call()
    try:
        return line.within(timeout.total, call, lambda: _post(request, timeout, call))
    except NotAllowed as refused:
        return never("not_allowed", str(refused))
    except NoAddress:
        return later("no_address")
    except requests.exceptions.SSLError:
        return later("tls", "no trusted connection")
    except (requests.Timeout, TimeoutError):
        return later("timeout")
    except (requests.exceptions.InvalidURL, requests.exceptions.InvalidHeader, UnicodeError):
        return never("not_allowed", "the address or a header cannot be sent")
    except (requests.RequestException, HTTPError, OSError) as error:
        # requests names a timeout within the body a broken connection.
        waited = any(isinstance(cause, ReadTimeoutError) for cause in error.args)
        return later("timeout" if waited else "unreachable")


def _post(request: Request, timeout: Timeouts, call: line.Call) -> Reply | Outcome:
    place = check(request.url)
    for address in place.addresses[:-1]:
        try:
            return exchange(request, timeout, call, place, address)
        except requests.ConnectionError:
            if call.over or call.sock is not None:
                raise  # something may have arrived: the next address would get it twice
    return exchange(request, timeout, call, place, place.addresses[-1])

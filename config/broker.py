"""A worker that goes on after a Redis that hung (fault F4 of docs/reliability.md)."""

from kombu.transport import redis, virtual


class QoS(redis.QoS):
    """What counts the messages that a worker holds.

    When Redis hangs while a message is confirmed, Celery logs that and keeps the message as held:
    with one message at a time such a worker never takes another one, until somebody starts it anew
    (celery/celery#2415). Here it lets go. If Redis has not heard the confirmation it hands the
    message out again later, which does no harm: a task only fetches the rows that wait.
    """

    def ack(self, delivery_tag: str) -> None:
        try:
            self._remove_from_indices(delivery_tag).execute()  # type: ignore[attr-defined]
        finally:
            virtual.QoS.ack(self, delivery_tag)


def install() -> None:
    redis.Channel.QoS = QoS

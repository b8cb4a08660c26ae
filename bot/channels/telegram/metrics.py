"""What the channel counts, for Prometheus. Labels are kinds and reasons, never people or texts."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60)


class Metrics:
    """The counters of one service."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.updates = self._counter("updates", "Updates by what became of them on arrival", "result")
        self.handled = self._counter("handled", "Updates by outcome", "outcome")
        self.sent = self._counter("sent", "Outgoing calls by kind and result", "kind", "result")
        self.polls = self._counter("polls", "Calls of getUpdates by result", "result")
        self.webhook = self._counter("webhook_requests", "Requests to the webhook by answer", "result")
        self.store_errors = self._counter("journal_errors", "Times the journal did not answer", "where")
        self.answer_seconds = self._histogram("answer_seconds", "From the stored update to its stored answer")
        self.delivery_seconds = self._histogram("delivery_seconds", "From the stored answer to its delivery")
        self.waiting = Gauge("lvxuan_telegram_waiting", "What waits in the journal", ["what"], registry=self.registry)
        self.polled_at = Gauge(
            "lvxuan_telegram_last_poll", "When getUpdates last succeeded, seconds since 1970", registry=self.registry
        )
        self.trouble = Gauge(
            "lvxuan_telegram_trouble", "1 while something needs the operator", ["what"], registry=self.registry
        )

    def last_poll(self) -> float:
        """Tell when getUpdates last succeeded; 0.0: never."""
        return self.registry.get_sample_value("lvxuan_telegram_last_poll") or 0.0

    def text(self) -> bytes:
        """Write the metrics as Prometheus reads them."""
        return generate_latest(self.registry)

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"lvxuan_telegram_{name}", what, labels, registry=self.registry)

    def _histogram(self, name: str, what: str) -> Histogram:
        return Histogram(f"lvxuan_telegram_{name}", what, buckets=_SECONDS, registry=self.registry)

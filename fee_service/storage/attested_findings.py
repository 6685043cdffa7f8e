"""Findings against the audit log: what runs and people said of them, and how each stands after it."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection

from fee_service.finding import finding_id
from fee_service.storage import audit, findings
from fee_service.storage.attested import Finding
from fee_service.storage.findings import SUBJECT, NewEvent

FOUND, SAID = "findings.found", "finding.said"  # by a run, whose id is the subject; by a person


class ToldOfFindings(NamedTuple):
    """What the audit log says: by run or word the seal of its events, in their order."""

    seals: dict[str, str | None]

    @classmethod
    def nothing(cls) -> ToldOfFindings:
        return cls({})

    def note(self, entry: audit.StoredEntry) -> None:
        """Take in one entry, in the order of the log."""
        if entry.action in (FOUND, SAID):
            self.seals[entry.subject] = audit.details_of(entry.details).get("seal")

    def findings(self, connection: Connection) -> Iterator[Finding]:
        """Every word and every finding that is not as it was told."""
        kept: dict[str, str] = {}
        stands: dict[str, dict[str, Any]] = {}
        came: dict[str, str] = {}  # by finding, the batch that it came with
        for batch, told in itertools.groupby(findings.events(connection), lambda each: each.event.batch):
            of_it = [each.event for each in told]
            kept[batch] = "in several places" if batch in kept else seal_of(of_it)
            stands |= {event.finding: event.stands for event in of_it}
            for event in of_it:
                came.setdefault(event.finding, batch)
        yield from self._words(kept)
        yield from _standing(connection, stands, came, self.seals)

    def _words(self, kept: dict[str, str]) -> Iterator[Finding]:
        for batch in sorted(kept.keys() | self.seals.keys()):
            if kept.get(batch, seal_of([])) != self.seals.get(batch):
                yield Finding(batch, "what was said of findings is not as it was told")
        if [each for each in kept if each in self.seals] != [each for each in self.seals if each in kept]:
            yield Finding("findings", "what was said of them stands in another order than it was said")


def seal_of(events: Iterable[NewEvent]) -> str:
    """The seal of all events of a batch, in their order; of a run that says nothing, that of nothing."""
    whole = hashlib.sha256()
    for event in events:
        whole.update(event.seal.encode())
    return whole.hexdigest()


def _standing(
    connection: Connection, stands: dict[str, dict[str, Any]], came: dict[str, str], told: dict[str, str | None]
) -> Iterator[Finding]:
    """Findings that do not stand as their last event left them, or are not about what their id says."""
    found: list[str] = []
    for finding in findings.everything(connection):
        found.append(finding.id)
        if stands.get(finding.id) != {name: getattr(finding, name) for name in findings.STANDS}:
            yield Finding(finding.id, "this finding does not stand as what was said of it left it")
        if finding.id != finding_id(*(getattr(finding, name) for name in SUBJECT)):
            yield Finding(finding.id, "this finding is about something else than it was")
    for missing in sorted(stands.keys() - set(found)):
        yield Finding(missing, "this finding is missing")
    if found != list(came):
        yield Finding("findings", "they stand in another order than the one in which they came")

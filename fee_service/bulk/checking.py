"""A batch of rows, contract by contract, as checked arrays; every fault of every row at once.

Whether a row is good is seen in arrays. What is wrong with one that is not is said by the checks of a request
(`bulk.faults`), so a table and a request are refused for the same reasons, in the same words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from fee_service.bulk.columns import COLUMNS, OF_A_CONTRACT, ROW, Column, Rows, rows_of, value_of
from fee_service.bulk.contracts import CHANNELS, QUALIFICATIONS, SIZES, Contracts, Sequences
from fee_service.bulk.days import Flags, Whole, day_of, first_days, months_of, number_of
from fee_service.bulk.distinct import distinct
from fee_service.bulk.faults import MOST_TOLD, NEEDED, BadRows, RowFault, row_faults
from fee_service.bulk.kinds import Allowed, Kind, Kinds, platform_allowed, shape_of
from fee_service.bulk.lines import CALLS, OF_USAGE, ONE, SETS, Licences, Shape, Shapes
from fee_service.errors import Fault
from fee_service.model import OPEN_API_PLATFORM, Channel
from fee_service.published.editions import Editions, WaiverPolicy
from schemas.bulk import MOST_PRIOR_DAYS, MOST_PRIOR_MONTHS
from schemas.fields import FIRST_DAY, LAST_DAY, MOST_COUNT, shown
from schemas.quote import LONGEST_ID

DAYS = (number_of(FIRST_DAY), number_of(LAST_DAY))
BOUNDS = {
    "founded_on": DAYS,
    "starts_on": DAYS,
    "ends_on": DAYS,
    "prior_months": (0, MOST_PRIOR_MONTHS),
    "prior_days": (0, MOST_PRIOR_DAYS),
    "reception_sets": (1, MOST_COUNT),
    "disaster_recovery_sets": (0, MOST_COUNT),
    "standard_ids": (0, MOST_COUNT),
    "personal_ids": (0, MOST_COUNT),
    "queries": (0, MOST_COUNT),
    "api_calls_per_month": (0, MOST_COUNT),
}
USUAL_MONTHS = 60  # as a quote that does not say how many
PLATFORM = (OPEN_API_PLATFORM, OPEN_API_PLATFORM)
OF_A_KIND = ("agreement", "product", "options", "affiliate_extension")


class Batch(NamedTuple):
    """A batch whose rows are all good; `rows` has the number of the row of each licence, -1 of the platform."""

    keys: Sequence[str]
    contracts: Contracts
    licences: Licences
    rows: Whole


class _Read(NamedTuple):
    """Rows as they were read, and which contract each is of."""

    table: pa.Table
    columns: Rows
    number: Whole  # in the file
    contract: Whole
    first: Whole  # the first row of each contract


class _OfKind(NamedTuple):
    """The kinds of licence of a batch, and which one each row is of."""

    kinds: Sequence[tuple[Kind, Allowed] | None]
    place: Whole


class Checker:
    """Checks batches against what is published, remembering what was found of each kind of row.

    `until` is the number of the month after the last that is rated; None for so many months as a quote has.
    """

    def __init__(self, editions: Editions, until: int | None = None) -> None:
        self.editions, self.until = editions, until
        self.shapes, self.sequences = Shapes(), Sequences(editions)
        self._kinds = Kinds(editions)
        self._policies: dict[int, int] = {}

    def check(self, table: pa.Table) -> Batch:
        """The rows of whole contracts, each contract's together. Raises BadRows."""
        columns = rows_of(table)
        contract = _contract_of(columns["contract"])
        read = _Read(table, columns, np.asarray(table[ROW]), contract, np.flatnonzero(np.diff(contract, prepend=-1)))
        contracts, bad = self._contracts(read)
        bad |= _out_of_bounds(columns)
        of_kind = self._of_kind(read, contracts, bad)
        bad |= self._not_allowed(read, contracts, of_kind)
        clashes = [*_contradictions(read), *_repeated(read)]
        if bad.any() or clashes:
            raise self._told(read, contracts, np.flatnonzero(bad), clashes)
        return self._batch(read, contracts, of_kind)

    # -- contracts -----------------------------------------------------------------------------------------

    def _contracts(self, read: _Read) -> tuple[Contracts, Flags]:
        """The contracts as their first rows have them; and which rows say what no request may say of one."""
        columns, first = read.columns, read.first
        policies = [policy.id for policy in self.editions.policies]
        size, qualification, channel, named = (
            _places(columns["size"], SIZES),
            _places(columns["qualification"], QUALIFICATIONS),
            _places(columns["channel"], CHANNELS, CHANNELS.index(Channel.OPEN_API)),
            _places(columns["waiver_policy"], policies, len(policies)),
        )
        founded, starts = _bounded(columns, "founded_on"), _bounded(columns, "starts_on")
        ends = np.where(columns["ends_on"].given, _bounded(columns, "ends_on"), DAYS[1])
        end = np.minimum(self._horizon_end(starts), ends + 1)
        lists = self.sequences.over(starts[first], end[first])
        bad = np.logical_or.reduce([~columns[name].given for name in NEEDED])
        bad |= np.logical_or.reduce([column.wrong for column in columns.values()])
        bad |= np.minimum.reduce([size, qualification, channel, named]) < 0
        bad |= (founded > starts) | (ends < starts) | (lists < 0)[read.contract]
        bad |= ~_keys_are_plain(columns["contract"])
        return Contracts(
            founded[first],
            starts[first],
            end[first],
            np.maximum(size, 0)[first],
            np.maximum(qualification, 0)[first],
            np.maximum(channel, 0)[first],
            np.where(named == len(policies), self._policies_on(starts), named)[first],
            _bounded(columns, "prior_months")[first],
            _bounded(columns, "prior_days")[first],
            np.maximum.reduceat(_bounded(columns, "personal_ids"), first),
            lists,
        ), bad

    def _horizon_end(self, starts: Whole) -> Whole:
        if self.until is None:
            return first_days(months_of(starts) + USUAL_MONTHS)
        return np.maximum(starts, first_days(np.full_like(starts, self.until)))

    def _policies_on(self, starts: Whole) -> Whole:
        """The policy that applies on each start day, -1 before the first."""
        days, place = np.unique(starts, return_inverse=True)
        return np.array([self._policy_on(int(day)) for day in days], dtype=np.int64)[place]

    def _policy_on(self, day: int) -> int:
        if day not in self._policies:
            policy = self.editions.policy_on(day_of(day))
            self._policies[day] = -1 if policy is None else self.editions.policies.index(policy)
        return self._policies[day]

    # -- licences ------------------------------------------------------------------------------------------

    def _of_kind(self, read: _Read, of: Contracts, bad: Flags) -> _OfKind:
        """The kind of each row; none of those that are bad."""
        parts = [np.where(read.columns[name].given, read.columns[name].values + 1, 0) for name in OF_A_KIND]
        rows, place = distinct(*parts, of.channel[read.contract], of.lists[read.contract], bad.astype(np.int64))
        return _OfKind([None if bad[row] else self._kind(read, of, int(row)) for row in rows], place)

    def _kind(self, read: _Read, of: Contracts, row: int) -> tuple[Kind, Allowed] | None:
        agreement, product, options, extension = (
            value_of(None, read.columns[name], row, COLUMNS[name]) for name in OF_A_KIND
        )
        contract = int(read.contract[row])
        spans = self.sequences.spans[int(of.lists[contract])]
        words = None if options is None else tuple(options)
        kind = Kind(agreement, product, words, extension, CHANNELS[int(of.channel[contract])], spans)
        allowed = self._kinds.allowed(kind, day_of(int(of.starts_on[contract])))
        return None if allowed is None else (kind, allowed)

    def _not_allowed(self, read: _Read, of: Contracts, of_kind: _OfKind) -> Flags:
        """Rows that ask for what a list of their horizon does not offer."""
        nothing = (False,) * (2 + len(OF_USAGE))
        found = np.array([(True, one[1].sets, *one[1].usage) if one else nothing for one in of_kind.kinds])
        known, sets, *usage = found[of_kind.place].T
        columns = read.columns
        bad: Flags = ~known | ((_sets(columns) > 0) | (_bounded(columns, "disaster_recovery_sets") > 0)) & ~sets
        for name, offered in zip(("standard_ids", "personal_ids", "queries"), usage, strict=True):
            bad |= (_bounded(columns, name) > 0) & ~offered
        bad |= columns["api_calls_per_month"].given & ~self._platform_allowed(of)[read.contract]
        return bad

    def _platform_allowed(self, of: Contracts) -> Flags:
        rows, place = distinct(of.channel, of.lists)
        spans = self.sequences.spans
        found = [
            of.lists[row] >= 0 and platform_allowed(CHANNELS[int(of.channel[row])], spans[int(of.lists[row])])
            for row in rows
        ]
        allowed: Flags = np.array(found, dtype=np.bool_)[place]
        return allowed

    def _batch(self, read: _Read, of: Contracts, of_kind: _OfKind) -> Batch:
        """The licences in the printed order within each contract, the platform after them."""
        columns, contract = read.columns, read.contract
        kinds = [one for one in of_kind.kinds if one]  # all are good here
        positions = np.array([allowed.position[0] * 10_000 + allowed.position[1] for _, allowed in kinds])
        calling = np.flatnonzero(columns["api_calls_per_month"].given[read.first])
        owner = np.concatenate([contract, calling])
        order = np.lexsort((np.concatenate([positions[of_kind.place], np.full_like(calling, 10**9)]), owner))
        units = np.zeros((1 + CALLS, len(owner)), dtype=np.int64)
        units[ONE] = 1
        units[SETS, : len(contract)] = _sets(columns)
        for place, name in zip(OF_USAGE, ("standard_ids", "personal_ids", "queries"), strict=True):
            units[place, : len(contract)] = _bounded(columns, name)
        units[CALLS, len(contract) :] = _bounded(columns, "api_calls_per_month")[read.first][calling]
        recovery = np.concatenate([_bounded(columns, "disaster_recovery_sets") > 0, calling < 0])
        keys = [*dict.fromkeys((allowed.licence.contract, allowed.licence.product) for _, allowed in kinds), PLATFORM]
        key = np.array([keys.index((allowed.licence.contract, allowed.licence.product)) for _, allowed in kinds])
        shape = np.concatenate([self._shapes(of_kind, kinds, of.policy[contract]), self._platforms(of, calling)])
        licences = Licences(
            owner[order],
            shape[order],
            units[:, order],
            recovery[order],
            keys,
            np.concatenate([key[of_kind.place], np.full_like(calling, len(keys) - 1)])[order],
        )
        words = columns["contract"].words
        names = [words[int(place)] for place in columns["contract"].values[read.first]]
        return Batch(names, of, licences, np.concatenate([read.number, np.full_like(calling, -1)])[order])

    def _shapes(self, of_kind: _OfKind, kinds: Sequence[tuple[Kind, Allowed]], policy: Whole) -> Whole:
        rows, place = distinct(of_kind.place, policy)
        found = []
        for row in rows:
            kind, allowed = kinds[int(of_kind.place[row])]
            found.append(self.shapes.number(shape_of(allowed, kind, self._policy(int(policy[row])))))
        return np.array(found, dtype=np.int64)[place]

    def _platforms(self, of: Contracts, calling: Whole) -> Whole:
        channel, policy, lists = of.channel[calling], of.policy[calling], of.lists[calling]
        rows, place = distinct(channel, policy, lists)
        found = []
        for row in rows:
            shape = Shape(
                OPEN_API_PLATFORM,
                None,
                (),
                False,
                CHANNELS[int(channel[row])],
                self._policy(int(policy[row])),
                self.sequences.spans[int(lists[row])],
            )
            found.append(self.shapes.number(shape))
        return np.array(found, dtype=np.int64)[place]

    def _policy(self, number: int) -> WaiverPolicy | None:
        return None if number < 0 else self.editions.policies[number]

    # -- what is wrong -------------------------------------------------------------------------------------

    def _told(self, read: _Read, of: Contracts, bad: Whole, clashes: Sequence[RowFault]) -> BadRows:
        """The faults of the first rows in full, of further ones the numbers."""
        clashing = {fault.row for fault in clashes}
        rows = sorted({*read.number[bad].tolist(), *clashing})
        told = set(rows[:MOST_TOLD])
        found = [fault for fault in clashes if fault.row in told]
        for place in bad:
            if int(read.number[place]) in told:
                found += self._faults_of(read, of, int(place))
        return BadRows(sorted(found, key=lambda fault: fault.row), rows[MOST_TOLD:])

    def _faults_of(self, read: _Read, of: Contracts, place: int) -> Iterator[RowFault]:
        raw = {name: read.table[name][place].as_py() for name in COLUMNS}
        values = {name: value_of(raw[name], column, place, COLUMNS[name]) for name, column in read.columns.items()}
        contract = int(read.contract[place])
        lists = int(of.lists[contract])
        first, last = months_of(np.array([of.starts_on[contract], of.end[contract] - 1]))
        spans = None if lists < 0 else self.sequences.spans[lists]
        for fault in row_faults(values, self.editions, spans, int(last - first) + 1):
            yield RowFault(int(read.number[place]), fault)


# -- arrays of a batch -------------------------------------------------------------------------------------


def _contract_of(column: Column) -> Whole:
    """The number of the contract of each row, from 0; rows of one contract stand together."""
    other = (np.diff(column.values) != 0) | (np.diff(column.given) != 0)
    return np.concatenate([[0], np.cumsum(other)]).astype(np.int64)


def _places(column: Column, known: Sequence[str | None], usual: int = 0) -> Whole:
    """The place of each word among the known ones, -1 of others; `usual` where there is none."""
    places = np.array([known.index(word) if word in known else -1 for word in column.words], dtype=np.int64)
    return np.where(column.given, places[column.values], usual) if len(places) else np.full_like(column.values, usual)


def _bounded(columns: Rows, name: str) -> Whole:
    """The values within their bounds, the least where there is none; what was beyond them is a fault."""
    least, most = BOUNDS[name]
    usual = 0 if least < 0 else least
    return np.clip(columns[name].or_else(usual), least, most)


def _out_of_bounds(columns: Rows) -> Flags:
    beyond = [
        columns[name].given & ((columns[name].values < least) | (columns[name].values > most))
        for name, (least, most) in BOUNDS.items()
    ]
    found: Flags = np.logical_or.reduce(beyond)
    return found


def _sets(columns: Rows) -> Whole:
    """Directly received sets after the first."""
    return _bounded(columns, "reception_sets") - 1


def _keys_are_plain(column: Column) -> Flags:
    """Whether the key of each contract is surely one that a request may have."""
    plain = [0 < len(word) <= LONGEST_ID and word.isprintable() and not word.isspace() for word in column.words]
    found: Flags = np.array(plain, dtype=np.bool_)[column.values] if plain else column.given
    return found


def _contradictions(read: _Read) -> Iterator[RowFault]:
    """What differs between rows of one contract but is said of the contract."""
    first = read.first[read.contract]
    for name in OF_A_CONTRACT:
        column = read.columns[name]
        differs = (column.given != column.given[first]) | (column.given & (column.values != column.values[first]))
        for place in np.flatnonzero(differs).tolist():
            value, other = (_shown(read, name, at) for at in (place, int(first[place])))
            params = {"value": value, "other": other, "row": int(read.number[first[place]])}
            yield RowFault(int(read.number[place]), Fault("contract_contradicts", f"/{name}", params))


def _shown(read: _Read, name: str, place: int) -> str:
    return shown(value_of(read.table[name][place].as_py(), read.columns[name], place, COLUMNS[name]))


def _repeated(read: _Read) -> Iterator[RowFault]:
    """Licences that a contract has in an earlier row."""
    parts = [np.where(read.columns[name].given, read.columns[name].values + 1, 0) for name in ("agreement", "product")]
    first, place = distinct(read.contract, *parts)
    whole = (parts[0] > 0) & (parts[1] > 0)
    for row in np.flatnonzero((first[place] != np.arange(len(place))) & whole).tolist():
        params: dict[str, Any] = {"product": _shown(read, "product", row), "row": int(read.number[first[place[row]]])}
        yield RowFault(int(read.number[row]), Fault("licence_repeated", "/product", params))

"""One key, one answer: repeated, at once, with another body, after its time."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from support.asking import OTHER_PORTAL, PORTAL, call, issue, loaded, said

from fee_service.errors import FeeError
from fee_service.quotes import closing, issuing
from fee_service.quotes.calls import Reply
from fee_service.quotes.desk import Desk
from fee_service.storage import idempotency


def count(at: Desk) -> int:
    """How many quotes there are."""
    from sqlalchemy import func, select

    from fee_service.storage.tables import quotes

    with at.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(quotes)).scalar_one()


def at_once(number: int, act: Callable[[int], Any]) -> list[Any]:
    """Do something in many threads that start together; answers or errors in no order."""
    barrier, found = threading.Barrier(number), []

    def run(index: int) -> None:
        barrier.wait()
        try:
            found.append(act(index))
        except Exception as error:
            found.append(error)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_the_first_answer_is_given_again(desk: Desk) -> None:
    """Byte by byte, in the language of the first call, and said to be a repetition."""
    first = issuing.issue(desk, loaded(), call(key="k", language="ko"))
    again = issuing.issue(desk, loaded(), call(key="k", language="en"))
    assert (again.status, again.location, again.body) == (first.status, first.location, first.body)
    assert (first.replayed, again.replayed) == (False, True)
    assert count(desk) == 1


def test_twenty_at_once_get_the_same_answer(desk: Desk) -> None:
    """One quote, one number."""
    replies = at_once(20, lambda _: issuing.issue(desk, loaded(), call(key="k")))
    assert all(isinstance(reply, Reply) for reply in replies), replies
    assert len({reply.body for reply in replies}) == 1
    assert sum(not reply.replayed for reply in replies) == 1
    assert count(desk) == 1


def test_twenty_acceptances_at_once_are_one(desk: Desk) -> None:
    """And the ledger has one entry."""
    number = issue(desk)["number"]
    replies = at_once(20, lambda _: closing.accept(desk, number, call(key="k")))
    assert {said(reply)["status"] for reply in replies} == {"accepted"}
    refused = at_once(5, lambda index: closing.accept(desk, number, call(key=f"other {index}")))
    assert all(isinstance(error, FeeError) for error in refused)


def test_the_same_key_with_another_request_is_refused(desk: Desk) -> None:
    """422, and the first answer stays."""
    issuing.issue(desk, loaded(), call(key="k"))
    with pytest.raises(FeeError) as error:
        issuing.issue(desk, loaded(months=12), call(key="k", request="another"))
    assert (error.value.status, error.value.faults[0].code) == (422, "idempotency_key_reused")
    assert count(desk) == 1


def test_at_once_with_different_bodies_one_wins_and_the_others_are_refused(desk: Desk) -> None:
    """Whichever it is."""
    replies = at_once(
        8, lambda index: issuing.issue(desk, loaded(months=12 + index), call(key="k", request=str(index)))
    )
    assert sum(isinstance(reply, Reply) for reply in replies) == 1
    assert [error.faults[0].code for error in replies if isinstance(error, FeeError)] == ["idempotency_key_reused"] * 7
    assert count(desk) == 1


def test_a_refused_request_does_not_use_up_its_key(desk: Desk) -> None:
    """Correct it and send it with the same key."""
    with pytest.raises(FeeError):
        issuing.issue(desk, loaded(months=0), call(key="k", request="wrong"))
    assert issuing.issue(desk, loaded(), call(key="k", request="right")).status == 201


def test_a_closing_answer_is_repeated_though_the_quote_is_closed(desk: Desk) -> None:
    """A second acceptance with the same key is the first; with another key it is refused."""
    number = issue(desk)["number"]
    first = closing.accept(desk, number, call(key="k"))
    assert closing.accept(desk, number, call(key="k")).body == first.body
    with pytest.raises(FeeError) as error:
        closing.accept(desk, number, call(key="other"))
    assert error.value.faults[0].code == "quote_already_accepted"


def test_the_first_answer_is_repeated_though_the_quote_went_on(desk: Desk) -> None:
    """As it was then: issued, though withdrawn by now."""
    first = issuing.issue(desk, loaded(), call(key="k"))
    closing.withdraw(desk, said(first)["number"], call())
    assert issuing.issue(desk, loaded(), call(key="k")).body == first.body


def test_a_key_belongs_to_whom_it_was_sent_by(desk: Desk) -> None:
    """Two customers may choose the same one."""
    one = issuing.issue(desk, loaded(), call(key="k", actor=PORTAL))
    other = issuing.issue(desk, loaded(), call(key="k", actor=OTHER_PORTAL))
    assert said(one)["number"] != said(other)["number"]


def test_a_key_expires_after_a_day(desk: Desk) -> None:
    """One second before it repeats, from then on it is new."""
    issued = call(key="k")
    first = issuing.issue(desk, loaded(), issued)
    just = issued._replace(now=issued.now + timedelta(hours=24) - timedelta(seconds=1))
    assert issuing.issue(desk, loaded(), just).body == first.body
    late = issued._replace(now=issued.now + timedelta(hours=24))
    assert said(issuing.issue(desk, loaded(), late))["number"] == "Q-2026-000002"
    assert issuing.issue(desk, loaded(), late).replayed


def test_expired_keys_are_forgotten(desk: Desk) -> None:
    """A key whose hours are over is forgotten, and no other."""
    issued = call(key="k")
    issuing.issue(desk, loaded(), issued)
    for hours, forgotten in ((23, 0), (24, 1), (25, 0)):
        now = issued.now + timedelta(hours=hours)
        assert desk.database.write(lambda connection, now=now: idempotency.forget(connection, now)) == forgotten


def test_expired_keys_are_swept_out_by_and_by(desk: Desk) -> None:
    """By one request in 256, whichever it is."""
    issued = call(key="k")
    issuing.issue(desk, loaded(), issued)
    late = call(key="sweeps", request="00ff")._replace(now=issued.now + timedelta(days=2))
    issuing.issue(desk, loaded(), late)
    assert desk.database.write(lambda connection: idempotency.forget(connection, late.now)) == 0

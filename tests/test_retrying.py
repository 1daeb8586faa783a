"""What may pass is tried again, after a pause that grows or that the server names."""

from types import SimpleNamespace

import pytest

from assistant.retrying import FIRST_PAUSE, LONGEST_PAUSE, is_momentary, pause, status_of


class ProviderError(Exception):
    def __init__(self, status: int | None = None, **headers: str) -> None:
        self.response = SimpleNamespace(status_code=status, headers=headers)


class ConnectError(Exception):
    pass


@pytest.mark.parametrize(
    ("status", "again"), [(429, True), (408, True), (500, True), (503, True), (400, False), (401, False), (404, False)]
)
def test_too_many_calls_and_faults_of_the_server_may_pass(status: int, again: bool) -> None:
    assert status_of(ProviderError(status)) == status
    assert is_momentary(ProviderError(status)) is again


def test_no_connection_may_pass_and_a_fault_of_our_own_does_not() -> None:
    assert is_momentary(ConnectError())
    assert not is_momentary(ValueError("a bad schema"))


def test_pauses_grow_up_to_a_limit() -> None:
    pauses = [pause(ProviderError(500), attempt) for attempt in range(12)]
    assert all(FIRST_PAUSE * 2**n * 0.75 <= seconds <= FIRST_PAUSE * 2**n * 1.25 for n, seconds in enumerate(pauses[:5]))
    assert max(pauses) <= LONGEST_PAUSE * 1.25


@pytest.mark.parametrize(("said", "seconds"), [("3", 3.0), ("0", 0.0), ("-1", 0.0), ("9999", LONGEST_PAUSE)])
def test_what_the_server_asks_for_is_kept_to(said: str, seconds: float) -> None:
    assert pause(ProviderError(429, **{"retry-after": said}), 0) == seconds


def test_a_date_for_the_next_try_is_read_as_none() -> None:
    error = ProviderError(429, **{"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"})
    assert pause(error, 0) <= FIRST_PAUSE * 1.25

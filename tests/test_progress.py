import io

import pytest

from assistant.progress import ProgressLine, duration


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_line_tells_rate_and_remaining_time() -> None:
    times = iter([0.0, 2.0, 2.05, 10.0])
    screen = Terminal()
    line = ProgressLine(screen, lambda: next(times))
    line(10, 50, "bridge")
    line(11, 50, "too soon to draw again")
    line(50, 50, "market\x1b[31m")
    drawn = [part.removeprefix("\033[K") for part in screen.getvalue().split("\r")[1:]]
    assert drawn[0] == "10/50  5/s  8 s left  bridge"
    assert drawn[1].startswith("50/50  5/s  10 s  market")
    assert drawn[1].endswith("\n")
    assert "\x1b[31m" not in drawn[1]


def test_what_is_no_terminal_is_told_nothing() -> None:
    stream = io.StringIO()
    ProgressLine(stream)(1, 1, "bridge")
    assert stream.getvalue() == ""


@pytest.mark.parametrize(("seconds", "said"), [(0.4, "0 s"), (59, "59 s"), (200, "3 min 20 s"), (7_500, "2 h 5 min")])
def test_times_are_said_as_people_say_them(seconds: float, said: str) -> None:
    assert duration(seconds) == said

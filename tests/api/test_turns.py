"""A bounded queue that is fair: who asks much waits longest, and too much is refused at once."""

import anyio
import anyio.lowlevel
import pytest

from app.api.turns import BusyError, Turns


class Work:
    """Callers at work, each until it is let go."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.begun: list[str] = []
        self.refused: list[str] = []
        self.most = 0
        self.go_on = anyio.Event()

    async def ask(self, caller: str) -> None:
        try:
            async with self.turns.turn(caller):
                self.begun.append(caller)
                self.most = max(self.most, self.turns.busy)
                await self.go_on.wait()
                await anyio.lowlevel.checkpoint()
        except BusyError:
            self.refused.append(caller)


def run(turns: Turns, callers: str) -> Work:
    """Have callers come one after the other while nobody finishes, then let all finish."""

    async def come() -> Work:
        work = Work(turns)
        async with anyio.create_task_group() as tasks:
            for caller in callers:
                tasks.start_soon(work.ask, caller)
                await anyio.wait_all_tasks_blocked()
            work.go_on.set()
        return work

    return anyio.run(come)


def test_no_more_work_at_once_than_may_and_the_rest_waits() -> None:
    turns = Turns(2, 10)
    work = run(turns, "abcdefgh")
    assert work.begun == list("abcdefgh")
    assert work.most == 2
    assert (turns.busy, turns.waiting) == (0, 0)


def test_beyond_the_queue_callers_are_refused() -> None:
    assert run(Turns(1, 2), "aaaaaa").refused == list("aaa")


def test_callers_take_turns() -> None:
    assert run(Turns(1, 10), "aaaaabc").begun == list("aabcaaa")


def test_in_a_full_queue_the_one_with_most_gives_way() -> None:
    work = run(Turns(1, 3), "aaaab")
    assert work.refused == ["a"]
    assert work.begun == list("aaba")


def test_it_is_said_before_anything_is_begun_and_how_long_to_wait() -> None:
    now = 0.0
    turns = Turns(1, 1, clock=lambda: now)

    async def fill() -> None:
        work = Work(turns)
        async with anyio.create_task_group() as tasks:
            for _ in range(2):
                turns.refuse_if_full("a")
                tasks.start_soon(work.ask, "a")
                await anyio.wait_all_tasks_blocked()
            with pytest.raises(BusyError) as refusal:
                turns.refuse_if_full("a")
            assert refusal.value.retry_after == 10
            work.go_on.set()

    anyio.run(fill)


def test_who_leaves_the_queue_or_the_work_takes_no_place() -> None:
    turns = Turns(1, 2)

    async def leave() -> None:
        work = Work(turns)
        async with anyio.create_task_group() as tasks:
            for _ in range(3):
                tasks.start_soon(work.ask, "a")
                await anyio.wait_all_tasks_blocked()
            tasks.cancel_scope.cancel()
        work.go_on.set()
        await work.ask("b")
        assert work.begun == ["a", "b"]

    anyio.run(leave)
    assert (turns.busy, turns.waiting) == (0, 0)

import threading

from index.right_of_way import RightOfWay


def test_the_writer_goes_on_at_once_when_no_reader_is_at_work() -> None:
    right_of_way = RightOfWay()

    right_of_way.give()

    assert not right_of_way.claimed_lately


def test_the_writer_waits_for_the_readers_and_goes_on_with_the_last_of_them() -> None:
    right_of_way = RightOfWay()
    went_on = threading.Event()

    def write() -> None:
        for _ in range(20):
            right_of_way.give()
        went_on.set()

    with right_of_way.claim(), right_of_way.claim():
        writer = threading.Thread(target=write)
        writer.start()
        assert not went_on.wait(0.05)
    assert went_on.wait(10)
    writer.join()
    assert right_of_way.claimed_lately


def test_readers_without_end_slow_the_writer_down_but_do_not_stop_it() -> None:
    right_of_way = RightOfWay()

    with right_of_way.claim():
        right_of_way.give()

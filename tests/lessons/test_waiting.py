"""The queue: whoever came first is served first, who stops asking loses the place, nobody waits while there is room."""

from hypothesis import given
from hypothesis import strategies as st

from banyan.lessons.waiting import FORGOTTEN, LATEST, SOONEST, Queue, again


def test_whoever_comes_while_there_is_room_does_not_wait() -> None:
    queue = Queue()
    assert [queue.place(who, 2, 0) for who in "ab"] == [0, 0]
    assert queue.asked == {}


def test_places_are_kept_while_one_asks() -> None:
    queue = Queue()
    assert [queue.place(who, 0, 0) for who in "abc"] == [1, 2, 3]
    assert [queue.place(who, 0, 5) for who in "cba"] == [3, 2, 1]


def test_a_newcomer_does_not_overtake() -> None:
    queue = Queue()
    assert queue.place("a", 0, 0) == 1
    assert queue.place("new", 1, 1) == 1
    assert queue.place("a", 1, 2) == 0
    assert queue.place("new", 1, 3) == 0


def test_who_stops_asking_loses_the_place() -> None:
    queue = Queue()
    queue.place("gone", 0, 0)
    queue.place("b", 0, 0)
    assert queue.place("b", 0, FORGOTTEN) == 2
    assert queue.place("b", 0, FORGOTTEN + 1) == 1


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 3)), max_size=40))
def test_places_are_one_to_n_without_gaps_for_who_keeps_asking(asked: list[tuple[str, int]]) -> None:
    queue = Queue()
    for now, (who, free) in enumerate(asked):
        waiting = list(queue.asked)
        place = queue.place(who, free, now * 0.01)
        if place:
            assert place == list(queue.asked).index(who) + 1 - free
        else:
            assert who not in queue.asked
            before = waiting.index(who) if who in waiting else len(waiting)
            assert before < free


def test_a_page_far_behind_asks_less_often() -> None:
    assert again(1) == SOONEST
    assert again(100) == LATEST

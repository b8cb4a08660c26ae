"""What a chat remembers is copied whole, and the copy is independent."""

from __future__ import annotations

from bot.channels.telegram.memory import Asked, Memory, Shown, Waiting, session_text
from handlers.session import Session
from handlers.turn import Action


def _full() -> Memory:
    asked = Asked(("马桶推荐一下", "要省水的"), None, session_text(Session(place="370783")))
    pressed = Asked((), Action("more", ("2",)), session_text(Session()))
    shown = Shown(
        7, ["a.0", "a.1"], asked, session_text(Session(misses=1)), "recommend", True, [[(1, "马桶")], [(2, "省水")]], 5.5,
        [Action("show_product", ("YS1",))], {"返回": Action("back")}, [pressed], {"1": 3.0}, [["剩下的"]],
    )  # fmt: skip
    return Memory(
        9,
        [shown],
        {7: 1.5},
        Waiting([(3, "我家")], 1.0, 4.0),
        12.5,
        3.0,
        True,
        2.0,
        "en",
        "zh_Hant",
        {"area": "100"},
        4,
    )


def test_a_copy_is_the_same_and_independent():
    memory = _full()
    copied = memory.copy()
    assert copied == memory
    copied.shown[0].used["2"] = 9.0
    copied.shown.clear()
    copied.done[8] = 1.0
    copied.household["area"] = "1"
    assert memory == _full()

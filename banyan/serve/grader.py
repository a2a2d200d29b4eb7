"""`python -m banyan.serve.grader` grades what is handed in to the home named by BANYAN_HOME."""

import logging
from dataclasses import replace
from functools import cache

from banyan.settings import Settings, current_home
from banyan.tracker.erasure_sweep import Grounds
from banyan.tracker.jobs import GradingRoom, run
from banyan.tracker.printing import PrintShop
from banyan.wiring import open_press, open_records, open_rulebook


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    home = current_home()
    settings = Settings.of(home)
    room = GradingRoom(open_records(home, settings), open_rulebook(home, settings), home.gradebooks, home.queue)
    shop = PrintShop(home.prints, cache(open_press), room.rulebook)
    room = replace(room, uploads=home.uploads, answer_files=home.answer_files, works=home.works, shop=shop)
    run(replace(room, grounds=Grounds.of(home.root)))


if __name__ == "__main__":
    main()

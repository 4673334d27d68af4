"""How often a server's process looks for garbage."""

import gc


def look_seldom() -> None:
    """Leave what was made at start out of every collection, and collect less often.  Call it when ready to serve.

    A request of 10,000 items makes a hundred thousand small objects that end by themselves; there is no need to look
    through everything the process has ever imported for each few hundred of them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)

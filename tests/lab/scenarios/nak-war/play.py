import contextlib

import takeovers


def play(stage):
    stage.happens()
    with contextlib.closing(takeovers.Place(stage.net, stage.switch("lan"))) as place:
        takeovers.refusals(place)

import edges


def play(stage):
    place = edges.Place(stage.net, stage.switch("lan"))
    stage.happens()
    edges.hidden_router(place)

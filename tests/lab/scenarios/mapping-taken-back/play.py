import edges


def play(stage):
    place = edges.Place(stage.net, stage.switch("lan"))
    stage.happens()
    edges.taken_back(place)

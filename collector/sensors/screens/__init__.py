"""The screens sensor: asks known screens read-only questions with ordinary sockets, one at a time, and listens to what they tell by themselves."""

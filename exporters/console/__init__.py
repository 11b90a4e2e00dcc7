"""The page: one server-rendered web application over the journal (design: docs/page.md), made by `app.make_app`.

Nothing is imported here: a command that only names a user or his error must not pay for the whole page.
"""

"""Core's Unix sockets: the four protocols of `model.ports` between processes."""

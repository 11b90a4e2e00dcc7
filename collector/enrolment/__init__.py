"""A box's life at its province: it joins by a one-time token, renews its key, and is retired (docs/box-life.md)."""

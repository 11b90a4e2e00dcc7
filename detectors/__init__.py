"""The rules: one detector a module, found by scanning this package. They read a view and answer with verdicts; they do no I/O."""

"""Answers carried by hand: bundles of the facts script, a portable osqueryd's log, other products' reports. They end in the same facts as live ones."""

"""`vonggac doctor`: what a technician has to put right before the box can do its work, each with the command that does it."""

from collector.doctor.check import AS_ROOT, Check, State
from collector.doctor.keys import of_keys
from collector.doctor.machine import of_machine
from collector.doctor.running import of_running
from collector.doctor.units import of_credentials, of_units

__all__ = ["AS_ROOT", "Check", "State", "of_credentials", "of_keys", "of_machine", "of_running", "of_units"]

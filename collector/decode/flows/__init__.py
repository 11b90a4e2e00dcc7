"""What needs more than one packet: the first bytes each side of a TCP connection says, joined, within bounds."""

"""Hostile orders to the program that sends probes."""

from collector.probe import orders

LEGS = frozenset({"lan"})
SEEDS = (
    b'{"id":1,"leg":"lan","shape":"nonce_routed","payload":"56474e4301","address":"192.168.20.5","gateway":"00:21:70:10:20:07"}',
    b'{"id":2,"leg":"lan","shape":"dhcp_discover","client":"02:00:00:00:00:01","transaction":7}',
    b'{"id":3,"leg":"lan","shape":"nd_solicit","client":"02:00:00:00:00:01","address":"fe80::1%2"}',
    b'{"id":4,"leg":"lan","shape":"arp_who_has","client":"02:00:00:00:00:01","address":"10.0.0.1"}',
)


def fuzz_one(data: bytes) -> None:
    assert isinstance(orders.number_of(data), int)
    try:
        order = orders.read(data, LEGS)
    except orders.RefusedError:
        return
    assert order.leg in LEGS
    assert order.shape in orders.SHAPES
    assert len(order.payload) <= orders.LONGEST_NONCE
    assert not order.client or int(order.client[:2], 16) & 3 == 2

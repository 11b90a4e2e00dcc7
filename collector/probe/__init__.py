# SPDX-License-Identifier: GPL-2.0-only
"""The program that alone sends probes: it takes orders from core's socket, builds frames with scapy and transmits them, and does nothing else.

It is a program of its own (docs/decisions/011): it imports Python's library and scapy, nothing of Vọng Gác, and nothing of Vọng Gác imports it.
"""

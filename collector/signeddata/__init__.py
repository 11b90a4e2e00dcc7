"""Declared data as the province signs it: made and signed there, pulled by the process that meets the network, verified and put in place by core alone."""

from collector.signeddata.form import MOST, BundleRefusedError, Content, content_of, sign, verified
from collector.signeddata.place import known_version, put

__all__ = ["MOST", "BundleRefusedError", "Content", "content_of", "known_version", "put", "sign", "verified"]

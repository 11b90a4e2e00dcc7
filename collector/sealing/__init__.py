"""Sealed evidence: who took a screen over, kept so that only the SOC can read it (architecture rule 11)."""

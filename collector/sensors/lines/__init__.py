"""The sensor of lines: where each leg comes out, as the SOC sees it."""

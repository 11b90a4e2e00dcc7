"""The server that stock osqueryd speaks to: mutual TLS, five questions of osquery's remote API, and an inbox on disk from before the PC is answered."""

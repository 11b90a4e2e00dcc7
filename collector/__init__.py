"""The driving side: sensors, decoders, core, the command line. Only `service` and `registry` see both detectors and exporters."""

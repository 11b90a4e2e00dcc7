"""Sentences of the detectors, Vietnamese first: one module for each rule, so that a rule reads as a rule."""

"""The province: many boxes, one picture (docs/decisions/012-the-province.md)."""

"""The questions that PCs are asked: shipped source, a province's signed edition, and the lint that both must pass."""

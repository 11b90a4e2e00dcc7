"""Words that sell gambling and words that only speak of it, in Vietnamese and in the languages seen on injected pages."""

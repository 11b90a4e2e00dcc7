"""An inspection: from a laptop without a box, over several sites, with what people saw themselves, and signed."""

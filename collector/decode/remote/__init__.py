"""Remote control and activation servers on the wire: names that a table knows, and each product's own first bytes."""

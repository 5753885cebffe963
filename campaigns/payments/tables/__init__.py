"""Tables of orders that were paid in a shop of another house."""

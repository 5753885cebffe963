"""Signed calls by which a shop's server tells that an order was paid, or that money went back."""

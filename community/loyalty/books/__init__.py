"""The books: the proof that the ledger balances, what is owed, and where each movement comes from."""

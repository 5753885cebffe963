"""One person behind several accounts: found by signs, shown with the evidence, decided by people."""

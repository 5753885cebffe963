"""Missions that ask a question: answered once, right or wrong or simply told."""

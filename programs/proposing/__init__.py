"""Proposing placements: the problem as plain data (`problem`), read from the database (`reading`), solved (`solver`,
beside it a greedy baseline), and explained line by line (`reasons`)."""

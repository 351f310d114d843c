"""The matching desk: doubtful pairs side by side, decided by a person, each decision remembered and taken back at will."""

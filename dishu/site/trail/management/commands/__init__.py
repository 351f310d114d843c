"""Proving the trail from a terminal."""

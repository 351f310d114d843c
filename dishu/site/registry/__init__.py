"""Enterprises, individual businesses and markets: found, matched, open or closed."""

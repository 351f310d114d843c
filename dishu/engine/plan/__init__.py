"""Where could a branch be formed, and with whom? Joint branches planned for all units too small for their own."""

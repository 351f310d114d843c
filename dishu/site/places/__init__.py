"""Both trees on screen: places and Party organizations, as of any day, and how they are changed."""

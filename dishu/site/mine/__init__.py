"""The member's own part: what is held about them, who looked at it, what of it is wrong."""

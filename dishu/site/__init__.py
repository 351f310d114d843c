"""Who does what, where: the house the engine lives in, one app per part of the work."""

"""What every page is made of: the base page, the components, one stylesheet over a vendored kit."""

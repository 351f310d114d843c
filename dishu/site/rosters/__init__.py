"""A roster from the browser to the register: sent, looked through, previewed, committed, undone."""

"""`dishu manage load_divisions`, for the app of places."""

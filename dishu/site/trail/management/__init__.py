"""Commands of this app for `dishu manage`."""

"""What rosters add to `dishu manage`."""

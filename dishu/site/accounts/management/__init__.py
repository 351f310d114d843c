"""What accounts add to `dishu manage`."""

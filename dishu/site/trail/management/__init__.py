"""What the trail adds to `dishu manage`."""

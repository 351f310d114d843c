"""The trail: who did what and who looked at whom, in lines that nobody can change or take out unseen."""

"""Stories: from text to panels."""

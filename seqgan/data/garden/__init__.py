"""The garden: flowers drawn by our own code, with captions in the manner of Oxford-102's."""

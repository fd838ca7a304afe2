"""Writers of films, pictures and pages."""

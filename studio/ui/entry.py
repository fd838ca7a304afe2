"""What Streamlit runs in an installed copy (`studio serve`); a checkout has `streamlit_app.py` beside its README."""

from studio.ui.app import main

main()

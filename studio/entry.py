"""What Streamlit runs in an installed copy (`studio serve`); a checkout has `streamlit_app.py` beside its README.

It does not lie beside the folder `pages`: Streamlit would take that for its older kind, and show such pages to whoever
opens the address of a board first.
"""

from studio.ui.app import main

main()

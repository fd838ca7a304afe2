"""The editor of Seqgan Studio, run by Streamlit from a checkout.

    streamlit run streamlit_app.py                      # write a story, or open a board of yours
    streamlit run streamlit_app.py -- snow-day.board    # open a board

`studio` alone does the same with the settings of `.streamlit/config.toml` wherever it is started: on this machine only,
no e-mail asked, no statistics sent. The pages are in `studio/ui`.
"""

from studio.ui.app import main

main()

"""The editor (Streamlit)."""

"""An empty Streamlit page: what every page is compared with."""

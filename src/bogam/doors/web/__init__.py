"""The web door: pages for a browser, Korean and English, readable without JavaScript."""

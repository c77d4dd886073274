"""The pages, one file a noun. Each has a ``router``; `bogam.doors.web.app` includes them."""

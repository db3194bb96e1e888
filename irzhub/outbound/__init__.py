"""The one HTTP client of the hub: whom it may call, how names are looked up, how a request is signed."""

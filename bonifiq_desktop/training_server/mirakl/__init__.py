"""Look-alike of a Mirakl marketplace, as a shop sees it, written from `resources/contract/mirakl.openapi.json`."""

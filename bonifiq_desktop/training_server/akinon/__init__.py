"""Look-alike of an Akinon Omnitron web shop, written from `resources/contract/akinon.openapi.json`."""

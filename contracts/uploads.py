"""Which paths take whole files: there the limit on a request's body is a file's, not a command's."""

UPLOADS = (
    "/api/v1/housing/communities/import",
    "/api/v1/housing/yards/import",
    "/api/v1/procurement/catalogues/import",
    "/api/v1/mediation/mediators/import",
    "/api/v1/procurement/plans/import",
    "/api/v1/affairs/lists/import",
    "/api/v1/affairs/power-samples/import",
)

"""Which paths take whole files: there the limit on a request's body is a file's, not a command's.

`{id}` is any record's.
"""

UPLOADS = (
    "/api/v1/housing/communities/import",
    "/api/v1/housing/yards/import",
    "/api/v1/housing/outlines/import",
    "/api/v1/procurement/catalogues/import",
    "/api/v1/mediation/mediators/import",
    "/api/v1/mediation/cases/import",
    "/api/v1/procurement/plans/import",
    "/api/v1/procurement/needs/import",
    "/api/v1/procurement/applications/import",
    "/api/v1/procurement/suppliers/import",
    "/api/v1/organisations/organisations/import",
    "/api/v1/organisations/groups/import",
    "/api/v1/organisations/volunteers/import",
    "/api/v1/index/systems/import",
    "/api/v1/index/tasks/import",
    "/api/v1/index/checklists/import",
    "/api/v1/affairs/lists/import",
    "/api/v1/affairs/power-samples/import",
    "/api/v1/affairs/workers/import",
    "/api/v1/whistle/receipts/photos",
    "/api/v1/consultation/matters/{id}/photos",
)

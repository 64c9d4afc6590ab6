// Grouped by tag and closed at first: there are hundreds of operations. Nothing typed here is kept.
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  persistAuthorization: false,
  defaultModelsExpandDepth: -1,
  validatorUrl: null,
});

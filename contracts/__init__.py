"""The published language: what services, partners and front-ends promise one another. Pydantic only."""

"""What Kefu calls, held against what vendors write about their APIs: OpenAPI descriptions and types of their SDKs."""

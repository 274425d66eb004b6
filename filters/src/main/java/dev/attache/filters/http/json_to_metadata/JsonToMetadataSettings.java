package dev.attache.filters.http.json_to_metadata;

/** Of the filter, or of a route, which replaces the filter's. Immutable. */
record JsonToMetadataSettings(BodyRules request, BodyRules response) {}

/**
 * What the extensions that speak OpenTelemetry's protocol have in common: whom their data is about.
 * Facts: {@code https://opentelemetry.io/docs/specs/otel/resource/sdk/}.
 */
@NullMarked
package dev.attache.filters.opentelemetry;

import org.jspecify.annotations.NullMarked;

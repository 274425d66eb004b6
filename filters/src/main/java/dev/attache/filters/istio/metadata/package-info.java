/**
 * What Istio's extensions know of a workload, and its forms: a struct as nodes and peers have it,
 * baggage, filter state (Envoy's contrib/istio, {@code metadata_object}). Shared by the rooms
 * beside it, no room of its own.
 */
@NullMarked
package dev.attache.filters.istio.metadata;

import org.jspecify.annotations.NullMarked;

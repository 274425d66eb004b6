/**
 * Where credentials come from that requests are given ({@code envoy.http.injected_credentials}):
 * each source is a room, and the filter {@code credential_injector} uses them.
 */
@NullMarked
package dev.attache.filters.injected_credentials;

import org.jspecify.annotations.NullMarked;

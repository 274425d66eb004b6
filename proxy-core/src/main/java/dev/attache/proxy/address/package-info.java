/**
 * Addresses as values. Leaf package: may be used by every other, uses none.
 *
 * <p>The types exist so that a peer address can never be passed where a local one is meant, and so
 * that Envoy's textual forms ({@code 10.0.0.1:80}, {@code [::1]:80}, {@code /path}, {@code @name})
 * are written in one place.
 */
@NullMarked
package dev.attache.proxy.address;

import org.jspecify.annotations.NullMarked;

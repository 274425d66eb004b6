/**
 * {@code envoy.filters.network.echo}: sends back what it receives.
 *
 * <p>Type URL {@code envoy.extensions.filters.network.echo.v3.Echo}. Complete.
 */
@NullMarked
package dev.attache.filters.network.echo;

import org.jspecify.annotations.NullMarked;

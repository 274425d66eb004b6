/**
 * {@code overload_manager} of a bootstrap, compiled: what is measured, and what follows from it.
 *
 * @see <a
 *     href="https://www.envoyproxy.io/docs/envoy/v1.40.0/configuration/operations/overload_manager/overload_manager">Overload
 *     manager</a>
 */
@NullMarked
package dev.attache.config.overload;

import org.jspecify.annotations.NullMarked;

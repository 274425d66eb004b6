/**
 * The overload manager: measures resources at intervals and tells the workers what follows. It
 * lives on the main loop.
 *
 * @see <a
 *     href="https://www.envoyproxy.io/docs/envoy/v1.40.0/configuration/operations/overload_manager/overload_manager">Overload
 *     manager</a>
 */
@NullMarked
package dev.attache.server.overload;

import org.jspecify.annotations.NullMarked;

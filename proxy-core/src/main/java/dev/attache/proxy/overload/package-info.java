/**
 * What overload does to a worker: Envoy's overload actions, load shed points and scaled timeouts,
 * by Envoy's names. Who measures and decides is the overload manager of the server, on the main
 * loop; workers hold the decision as an {@link dev.attache.proxy.overload.OverloadState} and act by
 * it.
 *
 * @see <a
 *     href="https://www.envoyproxy.io/docs/envoy/v1.40.0/configuration/operations/overload_manager/overload_manager">Overload
 *     manager</a>
 */
@NullMarked
package dev.attache.proxy.overload;

import org.jspecify.annotations.NullMarked;

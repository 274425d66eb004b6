/**
 * The vocabulary of the xDS client: resource types, resources, watchers, the main loop they run on,
 * and the statistics they feed. Resources stay protobuf here; this module knows nothing of the
 * proxy.
 *
 * <p>Everything in this module runs serially on one {@link dev.attache.xds.MainLoop}: watchers are
 * called there, and subscriptions may only be touched from there.
 *
 * <p>Protocol: Envoy's "xDS REST and gRPC protocol" page.
 */
@NullMarked
package dev.attache.xds;

import org.jspecify.annotations.NullMarked;

/**
 * The name server of the workload: answers for the names of the mesh out of the table that the
 * control plane sends, and asks the machine's own servers for all others. As {@code pkg/dns/client}
 * of Istio; messages after RFC 1035, their size after RFC 6891.
 */
@NullMarked
package dev.attache.agent.names;

import org.jspecify.annotations.NullMarked;

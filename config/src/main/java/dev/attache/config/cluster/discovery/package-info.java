/** Where a cluster's hosts come from: its type, DNS, and hosts found on the way of a request. */
@NullMarked
package dev.attache.config.cluster.discovery;

import org.jspecify.annotations.NullMarked;

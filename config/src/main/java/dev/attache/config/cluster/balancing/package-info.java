/** How a cluster's hosts are picked: load balancing policies, new and old, and subsets. */
@NullMarked
package dev.attache.config.cluster.balancing;

import org.jspecify.annotations.NullMarked;

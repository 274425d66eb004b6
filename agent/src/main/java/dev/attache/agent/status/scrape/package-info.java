/** Metrics of the agent, the proxy and the application as one page for Prometheus. */
@NullMarked
package dev.attache.agent.status.scrape;

import org.jspecify.annotations.NullMarked;

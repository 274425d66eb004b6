/**
 * Kubernetes' probes of the application, taken over by the agent: it asks from an address that
 * interception passes by, so that they work whatever the mesh demands of its clients.
 */
@NullMarked
package dev.attache.agent.status.probe;

import org.jspecify.annotations.NullMarked;

/**
 * The status port, 15020: readiness, metrics, probes of the application, drain and quit, with the
 * paths, answers and words of pilot-agent. Sockets are on a loop of the agent's own, each request
 * is answered on a virtual thread: nothing here waits on a thread of the proxy.
 */
@NullMarked
package dev.attache.agent.status;

import org.jspecify.annotations.NullMarked;

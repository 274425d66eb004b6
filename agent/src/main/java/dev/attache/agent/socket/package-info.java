/**
 * Where the agent's gRPC services are reached: Unix sockets, for every process, and within this one
 * without a socket.
 */
@NullMarked
package dev.attache.agent.socket;

import org.jspecify.annotations.NullMarked;

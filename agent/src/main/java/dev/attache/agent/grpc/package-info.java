/**
 * gRPC without message classes: messages that stay bytes, and the question of Kubernetes' probes.
 */
@NullMarked
package dev.attache.agent.grpc;

import org.jspecify.annotations.NullMarked;

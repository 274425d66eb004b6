/**
 * How an agent is started on a machine: what Istio's {@code istio-start.sh} does, without a shell.
 */
@NullMarked
package dev.attache.agent.onboard.start;

import org.jspecify.annotations.NullMarked;

/**
 * {@code attache onboard} and {@code attache leave}: a machine without Kubernetes takes part in a
 * mesh, and takes no part any more.
 */
@NullMarked
package dev.attache.agent.onboard;

import org.jspecify.annotations.NullMarked;

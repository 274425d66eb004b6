/**
 * What pilot-agent does: identity, bootstrap and lifecycle of a sidecar, in one process with the
 * proxy or as its parent. Here stands the command; the rooms below are the parts.
 */
@NullMarked
package dev.attache.agent;

import org.jspecify.annotations.NullMarked;

/**
 * What pilot-agent does: identity, bootstrap and lifecycle. Its rooms arrive with the agent work.
 */
@NullMarked
package dev.attache.agent;

import org.jspecify.annotations.NullMarked;

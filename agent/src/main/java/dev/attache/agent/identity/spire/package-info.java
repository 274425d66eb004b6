/** An identity that another process gives by a socket, such as SPIRE's agent. */
@NullMarked
package dev.attache.agent.identity.spire;

import org.jspecify.annotations.NullMarked;

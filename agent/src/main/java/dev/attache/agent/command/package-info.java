/** Command lines: those that the agent is given, and the one that it gives the proxy. */
@NullMarked
package dev.attache.agent.command;

import org.jspecify.annotations.NullMarked;

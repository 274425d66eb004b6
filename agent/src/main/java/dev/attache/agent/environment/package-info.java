/** What the agent is told by its surroundings: variables, files by their customary places. */
@NullMarked
package dev.attache.agent.environment;

import org.jspecify.annotations.NullMarked;

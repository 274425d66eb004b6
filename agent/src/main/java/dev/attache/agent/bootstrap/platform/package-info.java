/** The cloud that a machine is in: where it stands there, and what it is called. */
@NullMarked
package dev.attache.agent.bootstrap.platform;

import org.jspecify.annotations.NullMarked;

/** The proxy's first configuration: what templates are given, and the files that come of them. */
@NullMarked
package dev.attache.agent.bootstrap;

import org.jspecify.annotations.NullMarked;

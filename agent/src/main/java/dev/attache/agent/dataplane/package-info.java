/**
 * The proxy as the agent holds it: in this process or as a child of it; how it is started, asked,
 * drained and ended.
 */
@NullMarked
package dev.attache.agent.dataplane;

import org.jspecify.annotations.NullMarked;

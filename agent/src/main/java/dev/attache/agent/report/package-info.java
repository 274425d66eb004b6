/**
 * What the agent tells of itself: the record that {@code GET /debug/agent} of the status port
 * answers with, and {@code attache agent status} that prints it.
 */
@NullMarked
package dev.attache.agent.report;

import org.jspecify.annotations.NullMarked;

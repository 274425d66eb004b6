/**
 * Who this proxy is to the control plane: its id, its addresses, its metadata and where it runs.
 */
@NullMarked
package dev.attache.agent.bootstrap.node;

import org.jspecify.annotations.NullMarked;

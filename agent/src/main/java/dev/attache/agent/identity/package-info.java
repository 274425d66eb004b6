/** The workload's key and certificate: made, signed, kept, rotated, written out. */
@NullMarked
package dev.attache.agent.identity;

import org.jspecify.annotations.NullMarked;

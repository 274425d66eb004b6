/**
 * The command line: Envoy's flags, parsed as TCLAP parses them for Envoy (the same errors, the same
 * exit codes), and the options that come out of them.
 */
@NullMarked
package dev.attache.server.flags;

import org.jspecify.annotations.NullMarked;

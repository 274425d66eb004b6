package dev.attache.console.command;

import java.io.PrintStream;
import java.util.Map;

/**
 * What surrounds one run of a command.
 *
 * @param out for what was asked for
 * @param err for what went wrong
 * @param environment of the process
 */
public record Invocation(PrintStream out, PrintStream err, Map<String, String> environment) {}

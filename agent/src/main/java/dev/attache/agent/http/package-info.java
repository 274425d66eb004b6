/**
 * Requests over HTTP/1.1 as the agent makes them: few, local, each on a connection of its own, by
 * plain blocking sockets for virtual threads. Uses nothing but the JDK, so that commands which only
 * ask something start fast.
 */
@NullMarked
package dev.attache.agent.http;

import org.jspecify.annotations.NullMarked;

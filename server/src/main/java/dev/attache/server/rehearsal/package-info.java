/**
 * The run that the launcher's build step records: start, HTTP/1.1, HTTP/2, TCP, admin pages, an xDS
 * stream, shutdown. What it touches is in the AOT cache of the proxy, already loaded and linked,
 * with the profiles of what it did often. Nothing here runs in a proxy that serves.
 */
@NullMarked
package dev.attache.server.rehearsal;

import org.jspecify.annotations.NullMarked;

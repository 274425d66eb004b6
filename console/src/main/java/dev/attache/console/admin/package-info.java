/** Requests to the admin port of a running proxy: over TCP, TLS or a socket in the file system. */
@NullMarked
package dev.attache.console.admin;

import org.jspecify.annotations.NullMarked;

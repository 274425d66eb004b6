/**
 * Who may use the admin port and for what: a token, client certificates, read-only. Nothing of it
 * is there before a flag asks for it; without, the port is open as Envoy's. On the admin thread.
 */
@NullMarked
package dev.attache.server.admin.access;

import org.jspecify.annotations.NullMarked;
